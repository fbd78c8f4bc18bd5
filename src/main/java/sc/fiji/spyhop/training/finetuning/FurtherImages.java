package sc.fiji.spyhop.training.finetuning;

import java.util.function.Consumer;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.dataset.CommonSize;
import sc.fiji.spyhop.dataset.ObjectDiameters;
import sc.fiji.spyhop.dataset.Split;
import sc.fiji.spyhop.image.PixelSize;
import sc.fiji.spyhop.model.ModelSpec;
import sc.fiji.spyhop.model.ObjectSizes;
import sc.fiji.spyhop.prediction.LabelMap;
import sc.fiji.spyhop.task.PixelTask;
import sc.fiji.spyhop.training.ImageInputs;
import sc.fiji.spyhop.util.Digits;
import sc.fiji.spyhop.util.Strings;

/**
 * Label images that a network goes on learning from, in the scale in which it will be shown others
 * like them, and what is known of that scale. Objects get the size that the network knows, unless
 * it goes by pixel sizes.
 *
 * @param input how images are brought to the network
 */
record FurtherImages(Split<LabelMap> split, ModelSpec.Input input) {

  /**
   * Measures objects where the network is to learn their size.
   *
   * @param known of the network as it is
   * @param said takes a sentence if they are resized, or have another pixel size
   */
  static FurtherImages of(
      ModelSpec.Input known,
      PixelTask<?> task,
      Split<LabelMap> split,
      Consumer<String> said,
      Progress progress) {
    boolean objects = task.labelClasses().isEmpty() && known.objects().isKnown();
    PixelSize pixels = ImageInputs.pixelSize(split.train(), progress);
    if (objects && !(known.pixelSize().isCalibrated() && pixels.isCalibrated())) {
      double diameter = known.objects().median();
      said.accept(
          Strings.format(
              "Each image is resized such that its median object is as large as those that the"
                  + " model knows, %s pixels.",
              Digits.six(Math.rint(10 * diameter) / 10)));
      return new FurtherImages(new CommonSize(diameter, task::ignores).of(split), known);
    }
    ModelSpec.Input input = ImageInputs.goingOn(known, split.train(), said, progress);
    if (!task.labelClasses().isEmpty()) return new FurtherImages(split, input);
    ObjectDiameters measured = ObjectDiameters.of(split.train(), task::ignores, progress);
    return new FurtherImages(split, input.withObjects(ObjectSizes.of(measured.together())));
  }
}
