package sc.fiji.spyhop.task.metrics;

import java.util.List;

/**
 * How many of each class were taken for which.
 *
 * @param classes names
 * @param counts [truth][predicted]
 */
public record Confusion(List<String> classes, long[][] counts) {}
