package sc.fiji.spyhop.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.image.Fit;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.image.Intensity;
import sc.fiji.spyhop.image.MappedAnnotation;
import sc.fiji.spyhop.image.Tile;
import sc.fiji.spyhop.image.Tiles;
import sc.fiji.spyhop.prediction.Annotation;
import sc.fiji.spyhop.prediction.Box;
import sc.fiji.spyhop.prediction.ImageSize;
import sc.fiji.spyhop.prediction.LocalizedObject;
import sc.fiji.spyhop.task.AnnotationTask;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.util.Strings;

/**
 * Shows images of any size to a network that says where things are, tile by tile, such that the
 * result is the one of the whole image: tiles look as far around as the network does, begin on its
 * grid, and each reports only what lies in its core.
 *
 * @param input how images are brought to the network; sizes it shows are multiples of {@code
 *     multiple}
 * @param network from a normalised input to the network's outputs
 * @param tile largest width and height of a core, pixels of what the network is shown
 * @param halo how far the network looks beyond a cell, the same
 * @param multiple sizes the network takes are multiples of this
 */
public record Scenes(
    ModelSpec.Input input,
    AnnotationTask task,
    Function<Tensor, List<Tensor>> network,
    int tile,
    int halo,
    int multiple) {

  public Scenes {
    int sizes =
        input.fit() instanceof Fit.Scaled s
            ? s.multiple()
            : input.fit() instanceof Fit.OfBox b ? b.multiple() : multiple;
    if (sizes % multiple != 0) {
      throw new SpyhopException(
          Strings.format(
              "The network takes sizes that are multiples of %d: expected that of the scale to be one, received %d.",
              multiple, sizes));
    }
  }

  /**
   * What is in an image, in its coordinates; boxes are cut off at its edges.
   *
   * @throws SpyhopException if the image is empty, has other channels than can be shown, or pixels
   *     that are not finite numbers
   * @throws java.util.concurrent.CancellationException if cancelled, between two tiles
   */
  public Annotation find(Frame frame, Progress progress) {
    input.requireChannels(frame);
    Frame arranged = input.colors().arrange(frame);
    Intensity intensity = input.normalization().fit(arranged);
    Fit.View view = input.fit().view(frame.width(), frame.height());
    AnnotationTask.Collector collector = task.collector(new ImageSize(view.width(), view.height()));
    int largest = task.mapped() ? tile : Math.max(view.width(), view.height());
    List<Tile> tiles = Tiles.plan(view.width(), view.height(), largest, 0);
    for (int i = 0; i < tiles.size(); i++) {
      progress.checkCancelled();
      Tile t = tiles.get(i);
      int left = start(t.x());
      int top = start(t.y());
      int right = end(t.x() + t.width(), view.width());
      int bottom = end(t.y() + t.height(), view.height());
      Fit.View part = view.part(left, top, right - left, bottom - top);
      collector.add(
          network.apply(read(arranged, part, intensity)),
          left,
          top,
          new Box(t.x(), t.y(), t.width(), t.height()));
      progress.update("Predicting " + frame.name(), i + 1, tiles.size());
    }
    return inside(
        MappedAnnotation.of(
            collector.finish(), view.toImage(), new ImageSize(frame.width(), frame.height())));
  }

  private Tensor read(Frame arranged, Fit.View part, Intensity intensity) {
    float[] values = Fit.read(arranged, part);
    intensity.apply(values, input.channels());
    int[] shape = {1, input.channels(), part.height(), part.width()};
    return new Tensor(Axes.NCHW, shape, values);
  }

  /** Of a peak, the cells around it have to be right as well. */
  private int around() {
    return halo + task.stride();
  }

  private int start(int from) {
    return Math.max(0, Math.floorDiv(from - around(), multiple) * multiple);
  }

  private int end(int to, int length) {
    return Math.min(length, (to + around() + multiple - 1) / multiple * multiple);
  }

  private static Annotation inside(Annotation found) {
    List<LocalizedObject> objects = new ArrayList<>();
    for (LocalizedObject o : found.objects()) {
      Optional<Box> box = o.box().intersection(found.size().box());
      box.ifPresent(b -> objects.add(o.withBox(b)));
    }
    return new Annotation(found.size(), objects, found.poses());
  }
}
