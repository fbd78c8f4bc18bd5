package sc.fiji.spyhop.model.download;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.util.Strings;

/** Opens files of web servers from any position. Stops waiting when asked to, or for too long. */
final class HttpSource {

  private static final Pattern RANGE = Pattern.compile("bytes (\\d{1,18})-.*");

  private static final Pattern WHOLE = Pattern.compile("bytes .*/(\\d{1,18})");

  private final Duration patience;

  HttpSource() {
    this(Duration.ofSeconds(60));
  }

  /**
   * @param patience how long to wait for a server that says nothing
   */
  HttpSource(Duration patience) {
    this.patience = patience;
  }

  /** The server cannot be reached, or does not give the file. The message is a sentence. */
  static final class Unreachable extends IOException {
    private static final long serialVersionUID = 1L;
    private final boolean last;

    Unreachable(String message, boolean last, Throwable cause) {
      super(message, cause);
      this.last = last;
    }

    /** Whether it is of no use to try again. */
    boolean isFinal() {
      return last;
    }
  }

  /**
   * Asks for a file.
   *
   * @param from first byte wanted; the server may start at 0 all the same
   * @throws Unreachable if there is none
   */
  HttpBody open(URI url, long from, Progress progress) throws Unreachable {
    HttpClient client =
        HttpClient.newBuilder()
            .followRedirects(HttpClient.Redirect.NORMAL)
            .connectTimeout(patience)
            .build();
    HttpRequest.Builder request = HttpRequest.newBuilder(url).timeout(patience);
    if (from > 0) request.header("Range", "bytes=" + from + "-");
    HttpResponse<Flow.Publisher<List<ByteBuffer>>> response =
        await(url, client.sendAsync(request.build(), BodyHandlers.ofPublisher()), progress);
    int status = response.statusCode();
    long start = status == 206 ? start(response) : 0;
    HttpBody body = new HttpBody(url, start, size(response), patience, progress);
    response.body().subscribe(body);
    if (status == 200 || (status == 206 && start == from)) return body;
    body.close();
    if (status == 416 && from > 0) return open(url, 0, progress);
    throw new Unreachable(refusal(url, status), status < 500, null);
  }

  private static long start(HttpResponse<?> response) {
    Matcher range = RANGE.matcher(response.headers().firstValue("Content-Range").orElse(""));
    return range.matches() ? Long.parseLong(range.group(1)) : -1;
  }

  private static long size(HttpResponse<?> response) {
    if (response.statusCode() != 206) {
      return response.headers().firstValueAsLong("Content-Length").orElse(-1);
    }
    Matcher whole = WHOLE.matcher(response.headers().firstValue("Content-Range").orElse(""));
    return whole.matches() ? Long.parseLong(whole.group(1)) : -1;
  }

  private static String refusal(URI url, int status) {
    String sentence =
        switch (status / 100) {
          case 3 -> "%s sends from one address to the next without end (%d).";
          case 4 -> "%s does not have the file, or does not give it (it answered %d).";
          default -> "%s did not send the file (it answered %d).";
        };
    return Strings.format(sentence, url.getHost(), status);
  }

  private static <T> T await(URI url, CompletableFuture<T> answer, Progress progress)
      throws Unreachable {
    try {
      while (true) {
        try {
          return answer.get(HttpBody.POLL_MILLIS, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
          progress.checkCancelled();
        }
      }
    } catch (ExecutionException e) {
      throw unreachable(url, e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Unreachable("The download was interrupted.", true, e);
    } finally {
      answer.cancel(true);
    }
  }

  private static Unreachable unreachable(URI url, Throwable e) {
    Throwable root = e;
    while (root.getCause() != null) root = root.getCause();
    String reason = root.getMessage() == null ? "no connection" : root.getMessage();
    if (root instanceof UnresolvedAddressException) reason = "its name is not known here";
    if (e instanceof HttpTimeoutException) reason = "no answer";
    return new Unreachable(
        Strings.format("%s cannot be reached (%s).", url.getHost(), reason),
        e instanceof ConnectException,
        e);
  }
}
