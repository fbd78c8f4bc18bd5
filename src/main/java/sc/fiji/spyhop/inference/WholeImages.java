package sc.fiji.spyhop.inference;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.IntFunction;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.image.Resize;
import sc.fiji.spyhop.image.Tile;
import sc.fiji.spyhop.model.ModelSpec;
import sc.fiji.spyhop.prediction.ImageSize;
import sc.fiji.spyhop.task.Task;
import sc.fiji.spyhop.task.decode.Assembler;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.util.Background;
import sc.fiji.spyhop.util.Digits;
import sc.fiji.spyhop.util.Strings;

/**
 * Shows whole images to a network, several at a time; they are read and fitted one minibatch ahead,
 * in another thread.
 *
 * @param input how images are brought to the network
 * @param network from a normalised minibatch to the network's outputs
 */
record WholeImages<P>(
    ModelSpec.Input input, Task<?, P> task, Function<Tensor, List<Tensor>> network)
    implements ImageDriver<P> {

  private static final int MAX_IMAGES = 64;

  /** Values of a minibatch, so that feature maps of deep networks stay within a gigabyte or so. */
  private static final int MAX_VALUES = 1_500_000;

  /** An image as the network is shown it. */
  private record Fitted(Tensor pixels, Resize.View view, ImageSize size) {}

  @Override
  public List<P> predict(
      int count, IntFunction<Frame> frames, Progress progress, BiConsumer<Frame, Tensor> shown) {
    List<P> said = new ArrayList<>();
    ExecutorService reader = Background.threads("spyhop-image-reader", 1);
    try {
      Ahead ahead = new Ahead(count, frames, shown);
      Future<List<Fitted>> next = reader.submit(ahead::minibatch);
      while (said.size() < count) {
        progress.checkCancelled();
        List<Fitted> images = Background.await(next);
        next = reader.submit(ahead::minibatch);
        List<Tensor> outputs = network.apply(joined(images));
        for (int i = 0; i < images.size(); i++) said.add(decoded(images.get(i), outputs, i));
        progress.update("Predicting", said.size(), count);
      }
    } finally {
      reader.shutdownNow();
    }
    return said;
  }

  @Override
  public P predict(
      Frame frame, double scale, Progress progress, BiConsumer<Tile, List<Tensor>> seen) {
    requireOwn(scale);
    progress.checkCancelled();
    Fitted image = fitted(frame, (of, raw) -> {});
    List<Tensor> outputs = network.apply(image.pixels());
    progress.update("Predicting", 1, 1);
    seen.accept(whole(image), outputs);
    return decoded(image, outputs, 0);
  }

  @Override
  public P predict(Frame frame, double scale, Tile part, Progress progress) {
    throw new UnsupportedOperationException("images are shown whole, in a size of their own");
  }

  @Override
  public List<Tensor> maps(Frame frame, double scale, Tile part, Progress progress) {
    throw new UnsupportedOperationException("images are shown whole, in a size of their own");
  }

  @Override
  public Division division(double scale) {
    throw new UnsupportedOperationException("images are shown whole, in a size of their own");
  }

  private void requireOwn(double scale) {
    if (scale == 1) return;
    throw new SpyhopException(
        Strings.format(
            "Scale: this model is shown every image in one size; expected a scale of 1, received %s.",
            Digits.six(scale)));
  }

  @Override
  public void outputs(
      Frame frame, double scale, Progress progress, BiConsumer<Tile, List<Tensor>> sink) {
    requireOwn(scale);
    Fitted image = fitted(frame, (of, raw) -> {});
    sink.accept(whole(image), network.apply(image.pixels()));
  }

  @Override
  public void sample(
      Frame frame,
      double scale,
      int parts,
      int side,
      Progress progress,
      BiConsumer<Tile, List<Tensor>> sink) {
    outputs(frame, scale, progress, sink);
  }

  private static Tensor joined(List<Fitted> images) {
    return images.size() == 1
        ? images.get(0).pixels()
        : Tensor.concatenate(images.stream().map(Fitted::pixels).toArray(Tensor[]::new));
  }

  private P decoded(Fitted image, List<Tensor> outputs, int index) {
    Assembler<P> assembler =
        task.assembler(new ImageSize(image.view().width(), image.view().height()));
    assembler.add(whole(image), outputs.stream().map(o -> o.slice(index, index + 1)).toList());
    return task.toImage(assembler.finish(), image.view(), image.size());
  }

  private static Tile whole(Fitted image) {
    return new Tile(0, 0, image.view().width(), image.view().height());
  }

  private Fitted fitted(Frame frame, BiConsumer<Frame, Tensor> shown) {
    Tensor pixels = input.raw(frame);
    shown.accept(frame, pixels);
    return new Fitted(
        input.normalized(pixels, frame),
        input.fit().view(frame.width(), frame.height()),
        new ImageSize(frame.width(), frame.height()));
  }

  /** Gathers images of one size. */
  private final class Ahead {
    private final int count;
    private final IntFunction<Frame> frames;
    private final BiConsumer<Frame, Tensor> shown;
    private final List<Fitted> left = new ArrayList<>();
    private int at;

    Ahead(int count, IntFunction<Frame> frames, BiConsumer<Frame, Tensor> shown) {
      this.count = count;
      this.frames = frames;
      this.shown = shown;
    }

    List<Fitted> minibatch() {
      List<Fitted> images = new ArrayList<>(left);
      left.clear();
      while (at < count && images.size() < MAX_IMAGES) {
        Fitted image = fitted(frames.apply(at++), shown);
        if (!images.isEmpty() && !fits(images, image.pixels())) {
          left.add(image);
          break;
        }
        images.add(image);
      }
      return images;
    }

    private static boolean fits(List<Fitted> images, Tensor next) {
      return Arrays.equals(images.get(0).pixels().shape(), next.shape())
          && (images.size() + 1L) * next.length() <= MAX_VALUES;
    }
  }
}
