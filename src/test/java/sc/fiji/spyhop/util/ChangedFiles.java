package sc.fiji.spyhop.util;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import sc.fiji.spyhop.SpyhopException;

/** Files that were changed at random, and what readers make of them. */
public final class ChangedFiles {

  private static final int SECONDS = 5;

  private ChangedFiles() {}

  /** Reads a file, in whatever way. */
  public interface Reader {
    void read(Path file) throws Exception;
  }

  /** What is wrong with a reader; empty if it read the file or refused it, in time. */
  public static String fault(ExecutorService thread, Reader reader, Path file) throws Exception {
    try {
      thread
          .submit(
              () -> {
                reader.read(file);
                return null;
              })
          .get(SECONDS, TimeUnit.SECONDS);
      return "";
    } catch (TimeoutException e) {
      return "no end within " + SECONDS + " seconds";
    } catch (ExecutionException e) {
      Throwable cause = e.getCause();
      if (cause instanceof SpyhopException || cause instanceof IOException) return "";
      StackTraceElement[] trace = cause.getStackTrace();
      return cause
          + " at "
          + Arrays.stream(trace)
              .limit(200)
              .filter(t -> t.getClassName().contains("spyhop"))
              .limit(3)
              .toList();
    }
  }

  /** One to four changes, in the first two kilobytes or anywhere. */
  public static byte[] changed(byte[] sound, SplittableRandom random) {
    byte[] bytes = sound.clone();
    int changes = 1 + random.nextInt(4);
    for (int k = 0; k < changes && bytes.length > 0; k++) {
      // most of what a reader looks at is at the beginning
      int end = random.nextBoolean() ? bytes.length : Math.min(bytes.length, 2048);
      int at = random.nextInt(end);
      switch (random.nextInt(6)) {
        case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
        case 1 -> bytes[at] = (byte) random.nextInt(256);
        case 2 -> bytes = Arrays.copyOf(bytes, at);
        case 3 -> {
          byte[] extreme = {(byte) 0xff, (byte) 0xff, (byte) 0xff, 0x7f, 0, 0, 0, (byte) 0x80};
          System.arraycopy(extreme, 0, bytes, at, Math.min(8, bytes.length - at));
        }
        case 4 -> {
          int length = Math.min(random.nextInt(64), bytes.length - at);
          byte[] longer = Arrays.copyOf(bytes, bytes.length + length);
          System.arraycopy(bytes, at, longer, at + length, bytes.length - at);
          bytes = longer;
        }
        default -> {
          int length = Math.min(random.nextInt(64), bytes.length - at);
          System.arraycopy(bytes, at + length, bytes, at, bytes.length - at - length);
          bytes = Arrays.copyOf(bytes, bytes.length - length);
        }
      }
    }
    return bytes;
  }
}
