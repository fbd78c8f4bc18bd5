package sc.fiji.spyhop.inference;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.IntFunction;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.image.Intensity;
import sc.fiji.spyhop.image.Mosaic;
import sc.fiji.spyhop.image.Resize;
import sc.fiji.spyhop.image.Shown;
import sc.fiji.spyhop.image.Tile;
import sc.fiji.spyhop.image.TiledPrediction;
import sc.fiji.spyhop.image.Tiles;
import sc.fiji.spyhop.model.ModelSpec;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.network.ReceptiveField;
import sc.fiji.spyhop.prediction.ImageSize;
import sc.fiji.spyhop.task.Task;
import sc.fiji.spyhop.task.decode.Assembler;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.util.OrderedJobs;
import sc.fiji.spyhop.util.Strings;

/**
 * Shows images of any size to a network whose outputs are maps, tile by tile, such that the
 * prediction is the one for the whole image: tiles look as far around as the network does and begin
 * on its grid, and each reports only what lies in its core.
 *
 * @param input how images are brought to the network; where it says what sizes are multiples of,
 *     that is one of {@code multiple}
 * @param network from a normalised input to the network's outputs
 * @param tile largest width and height of a core, pixels of what the network is shown
 * @param halo how far the network looks around, the same
 * @param multiple sizes the network takes are multiples of this
 */
record TiledImages<P>(
    ModelSpec.Input input,
    Task<?, P> task,
    Function<Tensor, List<Tensor>> network,
    int tile,
    int halo,
    int multiple)
    implements ImageDriver<P> {

  /** The network uses all cores too; on two it leaves room for one more thread. */
  private static final int DECODERS =
      Math.max(1, Math.min(8, Runtime.getRuntime().availableProcessors() / 2));

  public TiledImages {
    int sizes =
        input.fit() instanceof Resize.Scaled s
            ? s.multiple()
            : input.fit() instanceof Resize.OfBox b ? b.multiple() : multiple;
    if (sizes % multiple != 0) {
      throw new SpyhopException(
          Strings.format(
              "The network takes sizes that are multiples of %d: expected that of the scale to be one, received %d.",
              multiple, sizes));
    }
  }

  /** For a network; tiles are smaller where it would take too much memory for them. */
  static <P> TiledImages<P> of(
      ModelSpec.Input input,
      Task<?, P> task,
      ModelSpec.Inference inference,
      Network network,
      Function<Tensor, List<Tensor>> outputs) {
    ReceptiveField field = ReceptiveField.of(network);
    int multiple = Collections.max(field.sizeMultiple());
    int halo =
        task.grid() == Task.Grid.PIXELS
            ? Math.min(inference.halo(), Collections.max(field.alignedHalo()))
            : Collections.max(field.halo());
    int tile =
        Memory.fitting(inference.tile(), 2 * (halo + multiple), Memory.perPixel(network, multiple));
    return new TiledImages<>(input, task, outputs, tile, halo, multiple);
  }

  @Override
  public List<P> predict(int count, IntFunction<Frame> frames, Progress progress) {
    List<P> said = new ArrayList<>();
    for (int i = 0; i < count; i++) said.add(predict(frames.apply(i), progress.part(i, count)));
    return said;
  }

  private P predict(Frame frame, Progress progress) {
    progress.checkCancelled();
    Shown shown = shown(frame);
    Assembler<P> assembler = task.assembler(new ImageSize(shown.width(), shown.height()));
    // the network is asked for the next tiles while others are taken apart
    try (OrderedJobs<Runnable> decoding =
        new OrderedJobs<>("spyhop-decoder", DECODERS, DECODERS + 1, Runnable::run)) {
      outputs(
          shown,
          progress,
          (part, outputs) -> decoding.submit(() -> assembler.prepare(part, outputs)));
      decoding.finish();
    }
    return task.toImage(
        assembler.finish(),
        input.fit().view(frame.width(), frame.height()),
        new ImageSize(frame.width(), frame.height()));
  }

  @Override
  public void outputs(Frame frame, Progress progress, BiConsumer<Tile, List<Tensor>> sink) {
    progress.checkCancelled();
    outputs(shown(frame), progress, sink);
  }

  private Shown shown(Frame frame) {
    Frame arranged = input.arranged(frame);
    Intensity intensity = input.normalization().fit(arranged);
    return task.grid() == Task.Grid.PIXELS
        ? Shown.asItIs(arranged, intensity)
        : Shown.of(arranged, intensity, input.fit());
  }

  private void outputs(Shown shown, Progress progress, BiConsumer<Tile, List<Tensor>> sink) {
    List<Tile> tiles = Tiles.plan(shown.width(), shown.height(), tile, task.overlap());
    if (task.grid() == Task.Grid.PIXELS) {
      Mosaic mosaic = new Mosaic(tiles, sink);
      TiledPrediction.cut(shown, mosaic.cores(), halo, multiple, 0, network, progress, mosaic::add);
    } else {
      TiledPrediction.uncut(shown, tiles, halo, multiple, network, progress, sink);
    }
  }
}
