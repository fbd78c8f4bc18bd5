package sc.fiji.spyhop.inference;

import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Function;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.image.Tile;
import sc.fiji.spyhop.prediction.ImageSize;
import sc.fiji.spyhop.task.Task;
import sc.fiji.spyhop.task.decode.Assembler;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.util.OrderedJobs;

/** Takes outputs of a network apart in threads of their own, while the next ones come. */
public final class Decoding {

  /** The network uses all cores too; on two it leaves room for one more thread. */
  private static final int DECODERS =
      Math.max(1, Math.min(8, Runtime.getRuntime().availableProcessors() / 2));

  private Decoding() {}

  /** Does work that submits what is to be taken apart. */
  static <P> void run(
      Assembler<P> assembler, BiConsumer<Assembler<P>, OrderedJobs<Runnable>> work) {
    try (OrderedJobs<Runnable> decoding =
        new OrderedJobs<>("spyhop-decoder", DECODERS, DECODERS + 1, Runnable::run)) {
      work.accept(assembler, decoding);
      decoding.finish();
    }
  }

  /**
   * The prediction for maps that are there, without a network: that of the run which they were kept
   * of, if task and division are those of the run.
   *
   * @param task that the maps were made for
   * @param image size of the maps
   * @param maps of the region of a part, one for each head of the task, [1, channels, height,
   *     width]; asked for in several threads
   * @throws java.util.concurrent.CancellationException if cancelled, between two parts
   */
  public static <P> P of(
      Task<?, P> task,
      ImageSize image,
      Division division,
      Function<Tile, List<Tensor>> maps,
      Progress progress) {
    List<Tile> parts = division.parts(image.width(), image.height());
    Assembler<P> assembler = task.enlarged(1 / division.scale()).assembler(image);
    run(
        assembler,
        (a, jobs) -> {
          for (int i = 0; i < parts.size(); i++) {
            progress.checkCancelled();
            Tile part = parts.get(i);
            jobs.submit(() -> a.prepare(part, maps.apply(part)));
            progress.update("Decoding", i + 1, parts.size());
          }
        });
    return assembler.finish();
  }
}
