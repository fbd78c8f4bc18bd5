package sc.fiji.spyhop.training.finetuning;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.util.AtomicFile;
import sc.fiji.spyhop.util.Folders;

/**
 * A list of tensors: the first are kept in memory, what is beyond a number of bytes in a temporary
 * file, which is gone when this is closed. Several threads may read at once.
 */
final class FeatureFile implements AutoCloseable {

  private sealed interface Place {}

  private record InMemory(Tensor tensor) implements Place {}

  private record InFile(Axes axes, int[] shape, long at) implements Place {}

  private final List<Place> places = new ArrayList<>();
  private long memory;
  private FileChannel file;

  /**
   * @param memory bytes to keep in memory
   */
  FeatureFile(long memory) {
    this.memory = memory;
  }

  /** An eighth of the heap. */
  static long defaultMemory() {
    return Runtime.getRuntime().maxMemory() / 8;
  }

  /** Whether there was more than fits into memory. */
  boolean isOnDisk() {
    return file != null;
  }

  int size() {
    return places.size();
  }

  /**
   * Adds a tensor at the end.
   *
   * @throws SpyhopException if the temporary file cannot be written
   */
  void add(Tensor tensor) {
    long bytes = 4L * tensor.length();
    if (file == null && bytes <= memory) {
      memory -= bytes;
      places.add(new InMemory(tensor));
      return;
    }
    try {
      if (file == null) file = create();
      long at = file.size();
      ByteBuffer values = ByteBuffer.allocate(Math.toIntExact(bytes));
      values.asFloatBuffer().put(tensor.data());
      for (long to = at; values.hasRemaining(); ) to += file.write(values, to);
      places.add(new InFile(tensor.axes(), tensor.shape(), at));
    } catch (IOException e) {
      throw Folders.cannotWriteTemporary("What the network makes of the images", e);
    }
  }

  private static FileChannel create() throws IOException {
    Path path = Files.createTempFile("spyhop-features", ".bin");
    return FileChannel.open(
        path,
        StandardOpenOption.READ,
        StandardOpenOption.WRITE,
        StandardOpenOption.DELETE_ON_CLOSE);
  }

  /**
   * A tensor by its place in the list, from 0.
   *
   * @throws SpyhopException if the temporary file cannot be read
   */
  Tensor get(int index) {
    Place place = places.get(index);
    if (place instanceof InMemory kept) return kept.tensor;
    InFile written = (InFile) place;
    int length = 1;
    for (int size : written.shape) length *= size;
    ByteBuffer bytes = ByteBuffer.allocate(4 * length);
    try {
      while (bytes.hasRemaining()) {
        if (file.read(bytes, written.at + bytes.position()) < 0) throw new IOException("cut short");
      }
    } catch (IOException e) {
      throw new SpyhopException(
          "What the network made of the images cannot be read again: " + AtomicFile.reason(e) + ".",
          e);
    }
    float[] values = new float[length];
    bytes.flip().asFloatBuffer().get(values);
    return new Tensor(written.axes, written.shape, values);
  }

  @Override
  public void close() {
    if (file == null) return;
    try {
      file.close();
    } catch (IOException e) {
      throw new SpyhopException("A temporary file cannot be removed: " + AtomicFile.reason(e), e);
    }
  }
}
