package sc.fiji.spyhop.training.sampling;

import sc.fiji.spyhop.dataset.Dataset;
import sc.fiji.spyhop.model.ModelSpec;
import sc.fiji.spyhop.network.Network;

/**
 * What minibatches are drawn from, and for which network.
 *
 * @param input how images are brought to the network
 * @param validation may be empty
 * @param <T> kind of truth
 */
public record TrainingImages<T>(
    Network network,
    ModelSpec.Input input,
    Dataset<T> train,
    Dataset<T> validation,
    SamplingOptions options) {}
