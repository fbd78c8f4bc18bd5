package sc.fiji.spyhop.task.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import sc.fiji.spyhop.prediction.Keypoint;
import sc.fiji.spyhop.prediction.Pose;

/** Expected values by hand. */
class KeypointMetricsTest {

  private static List<Pose> pose(Keypoint... points) {
    return List.of(new Pose(List.of(points)));
  }

  private static Keypoint at(String name, double x, double y) {
    return Keypoint.at(name, x, y);
  }

  @Test
  void errorsOfThoseFoundAndShareOfAll() {
    KeypointMetrics metrics = new KeypointMetrics(5, 10);
    metrics.add(pose(at("n", 0, 0)), pose(at("n", 0, 0), at("m", 5, 5)));
    metrics.add(pose(at("n", 3, 4), at("m", 1, 1)), pose(at("n", 0, 0)));
    metrics.add(pose(at("n", 6, -8)), pose(at("n", 0, 0), Keypoint.absent("m")));
    metrics.add(List.of(), pose(at("n", 1, 1)));
    KeypointMetrics.Figures n = metrics.figures().get(0);
    assertEquals(4, n.points());
    assertEquals(1, n.missing());
    assertEquals(0, n.spurious());
    assertEquals(5, n.median(), 1e-12);
    assertEquals(5, n.mean(), 1e-12);
    assertEquals(Math.sqrt(125 / 3.0), n.rmse(), 1e-12);
    assertEquals(9, n.p90(), 1e-12);
    assertEquals(10, n.max(), 1e-12);
    assertEquals(0.5, n.pck().get(5.0), 1e-12);
    assertEquals(0.75, n.pck().get(10.0), 1e-12);
    KeypointMetrics.Figures m = metrics.figures().get(1);
    assertEquals(1, m.spurious());
    assertTrue(Double.isNaN(m.median()));
    KeypointMetrics.Figures all = metrics.figures().get(2);
    assertEquals(KeypointMetrics.ALL, all.name());
    assertEquals(5, all.points());
    assertEquals(2, all.missing());
    assertEquals(0.6, all.pck().get(10.0), 1e-12);
  }

  @Test
  void ofSeveralPredictionsTheSurestCounts() {
    KeypointMetrics metrics = new KeypointMetrics(1);
    metrics.add(
        List.of(
            new Pose(List.of(new Keypoint("n", 9, 9, 0.2, Keypoint.Visibility.VISIBLE))),
            new Pose(List.of(new Keypoint("n", 1, 2, 0.9, Keypoint.Visibility.VISIBLE)))),
        pose(at("n", 1, 1)));
    assertEquals(1, metrics.figures().get(0).mean(), 1e-12);
    assertEquals(0, metrics.figures().get(0).spurious());
  }

  @Test
  void posesArePairedByDistance() {
    KeypointMetrics metrics = new KeypointMetrics(5);
    metrics.add(
        List.of(
            new Pose("1", Optional.empty(), List.of(at("n", 100, 0), at("m", 103, 0))),
            new Pose("2", Optional.empty(), List.of(at("n", 0, 1))),
            new Pose("3", Optional.empty(), List.of(at("n", 500, 1)))),
        List.of(
            new Pose("a", Optional.empty(), List.of(at("n", 0, 0), at("m", 3, 0))),
            new Pose("b", Optional.empty(), List.of(at("n", 100, 2), at("m", 103, 2)))));
    KeypointMetrics.Figures n = metrics.figures().get(0);
    assertEquals(1.5, n.mean(), 1e-12);
    assertEquals(1, n.spurious());
    assertEquals(1, metrics.figures().get(1).missing());
  }
}
