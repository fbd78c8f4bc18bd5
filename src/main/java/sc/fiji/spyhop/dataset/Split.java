package sc.fiji.spyhop.dataset;

/** A set in two parts, so that validation never sees a piece of an image that was trained on. */
public record Split<T>(Dataset<T> train, Dataset<T> validation) {}
