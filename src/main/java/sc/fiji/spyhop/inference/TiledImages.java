package sc.fiji.spyhop.inference;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
import sc.fiji.spyhop.image.Zoom;
import sc.fiji.spyhop.model.ModelSpec;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.network.ReceptiveField;
import sc.fiji.spyhop.network.Shape;
import sc.fiji.spyhop.prediction.ImageSize;
import sc.fiji.spyhop.task.Task;
import sc.fiji.spyhop.task.decode.Assembler;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.util.Strings;

/**
 * Shows images of any size to a network whose outputs are maps, tile by tile, such that the
 * prediction is the one for the whole image: tiles look as far around as the network does and begin
 * on its grid, and each reports only what lies in its core. A network that looks at all of what it
 * is shown gives other values for a tile than for the whole image: all tiles of an image are of one
 * size then, so that it sees about as much each time.
 *
 * @param input how images are brought to the network; where it says what sizes are multiples of,
 *     that is one of {@code multiple}
 * @param network from a normalised input to the network's outputs
 * @param tile largest width and height of a core, pixels of what the network is shown
 * @param halo how far the network looks around, the same
 * @param multiple sizes the network takes are multiples of this
 * @param part of what size all that the network is shown at once is, if that is one size
 * @param trim gives back the memory that the network holds between two tiles
 */
record TiledImages<P>(
    ModelSpec.Input input,
    Task<?, P> task,
    Function<Tensor, List<Tensor>> network,
    int tile,
    int halo,
    int multiple,
    Optional<Part> part,
    Runnable trim)
    implements ImageDriver<P> {

  /**
   * A size of what a network is shown.
   *
   * @param exact whether it takes no other, so that smaller images are mirrored; else they are
   *     shown as they are
   */
  record Part(int width, int height, boolean exact) {

    int width(Shown shown, int multiple) {
      return fitting(width, shown.width(), multiple);
    }

    int height(Shown shown, int multiple) {
      return fitting(height, shown.height(), multiple);
    }

    private int fitting(int side, int ofImage, int multiple) {
      return exact ? side : Math.min(side, up(ofImage, multiple));
    }
  }

  private static int up(int size, int multiple) {
    return (size + multiple - 1) / multiple * multiple;
  }

  /** Pixels of an image whose label map needs the memory that the network holds. */
  private static final long LARGE = 1L << 24;

  /**
   * @throws SpyhopException if the network takes multiples of a size that those of the scale are
   *     not
   */
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
      Function<Tensor, List<Tensor>> outputs,
      Runnable trim) {
    Shape takes = network.inputs().get(0).shape();
    if (takes.isFixed()) {
      int side = Math.min(takes.space().get(0), takes.space().get(1));
      int core =
          Math.max(1, Math.min(inference.tile(), side - 2 * Math.min(inference.halo(), side / 4)));
      Part part = new Part(takes.space().get(1), takes.space().get(0), true);
      return new TiledImages<>(input, task, outputs, core, 0, 1, Optional.of(part), trim);
    }
    ReceptiveField field = ReceptiveField.of(network);
    int multiple = Collections.max(field.sizeMultiple());
    boolean ofPixels = task.grid() == Task.Grid.PIXELS;
    int halo = ofPixels ? haloOfPixels(field, inference) : Collections.max(field.halo());
    int tile =
        Memory.fitting(inference.tile(), 2 * (halo + multiple), Memory.perPixel(network, multiple));
    int side = up(tile + 2 * halo, multiple);
    Optional<Part> part =
        field.isOfParts() && ofPixels ? Optional.of(new Part(side, side, false)) : Optional.empty();
    if (!task.tellsSizes()) {
      return new TiledImages<>(input, task, outputs, tile, halo, multiple, part, trim);
    }
    LastSaid said = new LastSaid(outputs);
    // maps that lie about in Java's heap leave no room in one piece for a large label map
    Runnable trimAll =
        () -> {
          said.forget();
          trim.run();
        };
    return new TiledImages<>(input, task, said, tile, halo, multiple, part, trimAll);
  }

  /** As far as the network looks; where it looks at all, as far as the model says. */
  private static int haloOfPixels(ReceptiveField field, ModelSpec.Inference inference) {
    return field.isOfParts()
        ? inference.halo()
        : Math.min(inference.halo(), Collections.max(field.alignedHalo()));
  }

  @Override
  public List<P> predict(
      int count, IntFunction<Frame> frames, Progress progress, BiConsumer<Frame, Tensor> shown) {
    List<P> said = new ArrayList<>();
    for (int i = 0; i < count; i++) said.add(predict(frames.apply(i), 1, progress.part(i, count)));
    return said;
  }

  @Override
  public P predict(
      Frame frame, double scale, Progress progress, BiConsumer<Tile, List<Tensor>> seen) {
    progress.checkCancelled();
    Resize fit = fit(scale);
    Shown shown = shown(frame, fit);
    if (scale != 1 && task.grid() == Task.Grid.PIXELS) {
      return zoomed(frame, shown, scale, progress, seen);
    }
    List<Tile> tiles = Tiles.plan(shown.width(), shown.height(), tile, task.overlap());
    P said = joined(frame, shown, fit, tiles, progress, seen);
    trimAfter(frame);
    return said;
  }

  private P joined(
      Frame frame,
      Shown shown,
      Resize fit,
      List<Tile> tiles,
      Progress progress,
      BiConsumer<Tile, List<Tensor>> seen) {
    Assembler<P> assembler =
        task.assembler(new ImageSize(shown.width(), shown.height()), frame, shown.intensity());
    Decoding.run(
        assembler,
        (a, jobs) ->
            outputs(
                shown,
                tiles,
                progress,
                (t, o) ->
                    jobs.submit(
                        () -> {
                          seen.accept(t, o);
                          return a.prepare(t, o);
                        })));
    return task.toImage(
        assembler.finish(),
        fit.view(frame.width(), frame.height()),
        new ImageSize(frame.width(), frame.height()));
  }

  @Override
  public P predict(Frame frame, double scale, Tile part, Progress progress) {
    if (task.grid() != Task.Grid.CELLS) {
      throw new UnsupportedOperationException("parts are told by cells, not by pixels");
    }
    progress.checkCancelled();
    Resize fit = fit(scale);
    Shown shown = shown(frame, fit);
    Tile inShown = inShown(part, fit, shown);
    List<Tile> tiles = Tiles.plan(inShown, tile, task.overlap(), shown.width(), shown.height());
    return joined(frame, shown, fit, tiles, progress, (t, o) -> {});
  }

  /** What shows a part of the image, and at the right and bottom what is shown beyond the image. */
  private static Tile inShown(Tile part, Resize fit, Shown shown) {
    double factor = fit instanceof Resize.Scaled s ? s.factor() : 1;
    int left = (int) Math.min(shown.width() - 1, Math.floor(part.x() * factor));
    int top = (int) Math.min(shown.height() - 1, Math.floor(part.y() * factor));
    long right = (long) Math.ceil((part.x() + part.width()) * factor);
    long bottom = (long) Math.ceil((part.y() + part.height()) * factor);
    return new Tile(
        left,
        top,
        (int) Math.max(1, Math.min(shown.width(), right) - left),
        (int) Math.max(1, Math.min(shown.height(), bottom) - top));
  }

  /** Outputs are brought back to the scale of the image before they are taken apart. */
  private P zoomed(
      Frame frame,
      Shown shown,
      double scale,
      Progress progress,
      BiConsumer<Tile, List<Tensor>> seen) {
    Zoom zoom = Zoom.of(frame.width(), frame.height(), scale);
    List<Zoom.Part> parts = division(scale).zoomed(zoom);
    Map<Tile, Zoom.Part> known = new HashMap<>();
    parts.forEach(p -> known.put(p.shown(), p));
    Assembler<P> assembler =
        task.enlarged(1 / scale).assembler(new ImageSize(frame.width(), frame.height()));
    Decoding.run(
        assembler,
        (a, jobs) ->
            outputs(
                shown,
                parts.stream().map(Zoom.Part::shown).toList(),
                progress,
                (t, o) ->
                    jobs.submit(
                        () -> {
                          Zoom.Part part = known.get(t);
                          List<Tensor> maps = zoom.toImage(part, o);
                          seen.accept(part.image(), maps);
                          return a.prepare(part.image(), maps);
                        })));
    trimAfter(frame);
    return assembler.finish();
  }

  @Override
  public List<Tensor> maps(Frame frame, double scale, Tile part, Progress progress) {
    progress.checkCancelled();
    Shown shown = shown(frame, fit(scale));
    if (scale == 1) return maps(shown, part, progress);
    Zoom zoom = Zoom.of(frame.width(), frame.height(), scale);
    Zoom.Part zoomed = zoom.part(part);
    return zoom.toImage(zoomed, maps(shown, zoomed.shown(), progress));
  }

  private List<Tensor> maps(Shown shown, Tile part, Progress progress) {
    List<Tensor> whole = new ArrayList<>();
    Mosaic mosaic = new Mosaic(List.of(part), (t, outputs) -> whole.addAll(outputs));
    List<Tile> cores = Tiles.plan(part, tile, 0, shown.width(), shown.height());
    cut(shown, cores, progress, mosaic::add);
    return whole;
  }

  private void cut(
      Shown shown, List<Tile> cores, Progress progress, BiConsumer<Tile, List<Tensor>> sink) {
    if (part.isPresent()) {
      int width = part.get().width(shown, multiple);
      int height = part.get().height(shown, multiple);
      TiledPrediction.cutOfSize(shown, cores, width, height, network, progress, sink);
    } else {
      TiledPrediction.cut(shown, cores, halo, multiple, 0, network, progress, sink);
    }
  }

  @Override
  public Division division(double scale) {
    return new Division(tile, task.overlap(), scale);
  }

  private void trimAfter(Frame frame) {
    if ((long) frame.width() * frame.height() >= LARGE) trim.run();
  }

  @Override
  public void outputs(
      Frame frame, double scale, Progress progress, BiConsumer<Tile, List<Tensor>> sink) {
    progress.checkCancelled();
    outputs(shown(frame, fit(scale)), progress, sink);
  }

  @Override
  public void sample(
      Frame frame,
      double scale,
      int parts,
      int side,
      Progress progress,
      BiConsumer<Tile, List<Tensor>> sink) {
    progress.checkCancelled();
    Shown shown = shown(frame, fit(scale));
    boolean whole = Math.max(shown.width(), shown.height()) <= tile;
    List<Tile> all =
        Tiles.plan(shown.width(), shown.height(), whole ? tile : Math.min(side, tile), 0);
    outputs(shown, Tiles.spread(all, parts), progress, sink);
  }

  private Resize fit(double scale) {
    if (scale == 1) return input.fit();
    if (input.fit() instanceof Resize.Scaled s) {
      return new Resize.Scaled(s.factor() * scale, s.multiple());
    }
    return new Resize.Scaled(scale, task.grid() == Task.Grid.PIXELS ? 1 : multiple);
  }

  private Shown shown(Frame frame, Resize fit) {
    Frame arranged = input.arranged(frame);
    Intensity intensity = input.normalization().fit(arranged);
    return Shown.of(arranged, intensity, fit);
  }

  private void outputs(Shown shown, Progress progress, BiConsumer<Tile, List<Tensor>> sink) {
    outputs(shown, Tiles.plan(shown.width(), shown.height(), tile, task.overlap()), progress, sink);
  }

  private void outputs(
      Shown shown, List<Tile> tiles, Progress progress, BiConsumer<Tile, List<Tensor>> sink) {
    if (task.grid() == Task.Grid.PIXELS) {
      Mosaic mosaic = new Mosaic(tiles, sink);
      cut(shown, mosaic.cores(), progress, mosaic::add);
    } else {
      TiledPrediction.uncut(shown, tiles, halo, multiple, network, progress, sink);
    }
  }
}
