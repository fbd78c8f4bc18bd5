package sc.fiji.spyhop.model;

import java.util.List;
import java.util.Map;
import sc.fiji.spyhop.image.Colors;
import sc.fiji.spyhop.image.Interpolation;
import sc.fiji.spyhop.image.Normalization;
import sc.fiji.spyhop.image.PixelSize;
import sc.fiji.spyhop.image.Resize;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.network.NetworkBuilder;
import sc.fiji.spyhop.prediction.KeypointLayout;
import sc.fiji.spyhop.prediction.RealValues;
import sc.fiji.spyhop.task.Classification;
import sc.fiji.spyhop.task.KeypointDetection;
import sc.fiji.spyhop.task.Localization;
import sc.fiji.spyhop.task.Regression;
import sc.fiji.spyhop.task.Task;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.weights.Initialization;

/** Pipelines that know nothing, for tests. */
public final class TestPipelines {

  private TestPipelines() {}

  public static final Map<String, Model> MODELS =
      Map.of("heads", localizer(), "points", finder(), "who", classifier());

  public static Model localizer() {
    NetworkBuilder b = NetworkBuilder.image(1).convolution("stem", 2, 4, 4, 1).relu();
    String stem = b.here();
    b.from(stem).convolution("center_logits", 1, 1).activation("center", sigmoid());
    b.from(stem).convolution("box", 4, 1);
    return model(
        "heads",
        Localization.of(List.of("head"), 4),
        b.build("center", "box"),
        new Resize.Scaled(1, 4));
  }

  private static Model finder() {
    NetworkBuilder b = NetworkBuilder.image(1).convolution("stem", 2, 2, 2, 1).relu();
    b.convolution("keypoints_logits", 2, 1).activation("keypoints", sigmoid());
    return model(
        "points",
        KeypointDetection.of(new KeypointLayout(List.of("snout", "tail"), List.of(), List.of()), 2),
        b.build("keypoints"),
        new Resize.Scaled(1, 2));
  }

  private static Model classifier() {
    return model(
        "who",
        Classification.of(List.of("anna", "bela")),
        sc.fiji.spyhop.network.Notation.parse(
            "2C3 GAP FC2", sc.fiji.spyhop.network.Shape.of(1, 32, 32)),
        new Resize.Stretch(32, 32, Interpolation.BILINEAR));
  }

  public static Model regressor() {
    return model(
        "length",
        Regression.of(
            List.of("length"),
            List.of("px"),
            List.of(new RealValues(List.of(2.0)), new RealValues(List.of(4.0)))),
        sc.fiji.spyhop.network.Notation.parse(
            "2C3 GAP FC1", sc.fiji.spyhop.network.Shape.of(1, 32, 32)),
        new Resize.Stretch(32, 32, Interpolation.BILINEAR));
  }

  private static sc.fiji.spyhop.network.Layer.Function sigmoid() {
    return sc.fiji.spyhop.network.Layer.Function.SIGMOID;
  }

  private static Model model(String name, Task<?, ?> task, Network network, Resize fit) {
    return new Model(
        new ModelSpec(
            name,
            "For tests: knows nothing.",
            task,
            new ModelSpec.Input(
                Axes.NCHW, 1, Colors.NONE, fit, new Normalization.MinMax(), PixelSize.UNCALIBRATED),
            new ModelSpec.Inference(64, 0),
            ModelSpec.Training.UNKNOWN,
            "",
            "",
            ""),
        network,
        Initialization.of(network, 3));
  }

  public static PipelineSpec spec(PipelineStep... steps) {
    return new PipelineSpec(
        "test", "Nothing.", List.of(steps), ModelSpec.Training.UNKNOWN, "me", "CC0-1.0", "");
  }

  public static final PipelineStep.Localize LOCALIZE =
      new PipelineStep.Localize("heads", List.of("head"), 0.25, 10);
  public static final PipelineStep.Crop CROP = new PipelineStep.Crop(0.5, 40, 40);
  public static final PipelineStep.Keypoints POINTS = new PipelineStep.Keypoints("points", 0.1);
  public static final PipelineStep.Align ALIGN =
      new PipelineStep.Align(
          List.of(new PipelineStep.Anchor("snout", 16, 6), new PipelineStep.Anchor("tail", 16, 26)),
          32,
          32);
  public static final PipelineStep.Classify CLASSIFY = new PipelineStep.Classify("who");

  /** Localize, crop, keypoints, align, classify. */
  public static Pipeline whole() {
    return new Pipeline(spec(LOCALIZE, CROP, POINTS, ALIGN, CLASSIFY), MODELS);
  }
}
