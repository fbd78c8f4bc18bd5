package sc.fiji.spyhop.job.evaluation;

import java.nio.file.Path;
import java.util.Optional;
import sc.fiji.spyhop.task.metrics.PluginMetrics;

/**
 * What is compared.
 *
 * @param predicted file or folder of predictions
 * @param truth file or folder of what is true
 * @param against other predictions of the same images
 * @param index table with columns name and subset; with {@code subset} only
 * @param subset of the index; absent: all images of the truth
 * @param metrics figures that plugins bring
 */
public record Source(
    Path predicted,
    Path truth,
    Optional<Path> against,
    Optional<Path> index,
    Optional<String> subset,
    PluginMetrics metrics) {}
