package sc.fiji.spyhop.training;

import sc.fiji.spyhop.weights.Weights;

/**
 * What came of a training, however it ended.
 *
 * @param best weights with the best validation; without validation, those with the lowest loss
 * @param last weights at the end (averaged ones, if averaging is on)
 * @param history of the epochs that were completed
 * @param explanation a sentence or more for the user: why it ended, and for {@link
 *     StopReason#NOT_FINITE} what to try
 */
public record TrainingResult(
    Weights best, Weights last, TrainingHistory history, StopReason reason, String explanation) {}
