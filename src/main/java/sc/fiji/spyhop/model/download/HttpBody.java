package sc.fiji.spyhop.model.download;

import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.util.Strings;

/** What a server sends, part by part. Whoever waits for a part can be cancelled. */
final class HttpBody implements Flow.Subscriber<List<ByteBuffer>>, AutoCloseable {

  static final int POLL_MILLIS = 100;

  /** Bytes, or how it ended. */
  private record Part(List<ByteBuffer> bytes, Optional<String> end) {}

  private final URI url;
  private final long start;
  private final long size;
  private final Duration patience;
  private final Progress progress;
  private final BlockingQueue<Part> parts = new LinkedBlockingQueue<>();
  private Flow.Subscription subscription;

  /**
   * @param size of the whole file, as the server says; negative: it does not
   */
  HttpBody(URI url, long start, long size, Duration patience, Progress progress) {
    this.url = url;
    this.start = start;
    this.size = size;
    this.patience = patience;
    this.progress = progress;
  }

  /** Position in the file of the first byte. */
  long start() {
    return start;
  }

  /** Bytes of the whole file; negative if the server does not say so. */
  long size() {
    return size;
  }

  /**
   * Waits for the next bytes.
   *
   * @return none at the end of a file whose size is not known
   * @throws HttpSource.Unreachable if no more come
   */
  List<ByteBuffer> next() throws HttpSource.Unreachable {
    long until = System.nanoTime() + patience.toNanos();
    subscription.request(1);
    try {
      while (System.nanoTime() < until) {
        progress.checkCancelled();
        Part part = parts.poll(POLL_MILLIS, TimeUnit.MILLISECONDS);
        if (part == null) continue;
        if (part.end().isPresent()) throw broken(part.end().get());
        return part.bytes();
      }
      throw broken("nothing came for " + patience.toSeconds() + " s");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw broken("it was interrupted");
    }
  }

  private HttpSource.Unreachable broken(String reason) {
    return new HttpSource.Unreachable(
        Strings.format("The connection to %s broke off (%s).", url.getHost(), reason), false, null);
  }

  @Override
  public void onSubscribe(Flow.Subscription s) {
    subscription = s;
  }

  @Override
  public void onNext(List<ByteBuffer> bytes) {
    parts.add(new Part(bytes, Optional.empty()));
  }

  @Override
  public void onError(Throwable e) {
    parts.add(new Part(List.of(), Optional.of(String.valueOf(e.getMessage()))));
  }

  @Override
  public void onComplete() {
    Optional<String> end = size < 0 ? Optional.empty() : Optional.of("it sent less than expected");
    parts.add(new Part(List.of(), end));
  }

  @Override
  public void close() {
    subscription.cancel();
  }
}
