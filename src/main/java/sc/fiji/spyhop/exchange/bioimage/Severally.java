package sc.fiji.spyhop.exchange.bioimage;

import java.util.List;
import sc.fiji.spyhop.task.MultiLabelClassification;
import sc.fiji.spyhop.task.MultiLabelSegmentation;
import sc.fiji.spyhop.task.Task;

/** Thresholds of tasks whose classes do not exclude each other. */
final class Severally {

  private Severally() {}

  /** A task with thresholds; as it is if there are none. */
  static Task<?, ?> with(Task<?, ?> task, List<Double> thresholds) {
    if (thresholds.isEmpty()) return task;
    if (task instanceof MultiLabelClassification c) return c.withThresholds(thresholds);
    if (task instanceof MultiLabelSegmentation s) return s.withThresholds(thresholds);
    return task;
  }
}
