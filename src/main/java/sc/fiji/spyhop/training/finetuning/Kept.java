package sc.fiji.spyhop.training.finetuning;

import java.util.Optional;

/**
 * What of a base stays as it is.
 *
 * @param allButHead whether only what is new is trained, a last layer or a decoder
 * @param statistics whether batch norms stay as they are even where weights change, which is better
 *     for few images, whose statistics are poor
 * @param upTo layer that stays as it is, with all that leads to it; absent: none
 */
public record Kept(boolean allButHead, boolean statistics, Optional<String> upTo) {}
