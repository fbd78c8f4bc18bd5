package sc.fiji.spyhop.job.batch;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.util.FileNames;
import sc.fiji.spyhop.util.Folders;
import sc.fiji.spyhop.util.Strings;

/**
 * The record of a run, in the folder of its results: a line that says what is done, then one for
 * each image that says what became of it, with its rows of the table. A line is added when all
 * files of its image are written, so that a run can be resumed wherever it was cut off; the last
 * line of an image counts. Rows stay in the file. One run at a time holds it.
 */
final class Journal implements AutoCloseable {

  static final String NAME = "batch.jsonl";

  private static final long FORCED_EVERY = 1_000_000_000;

  private static final int MAX_LINE = 1 << 30;

  private final Path file;
  private final FileChannel channel;
  private final Map<String, Entry> finished = new LinkedHashMap<>();
  private final Map<String, JournalLine.Outcome> failed = new LinkedHashMap<>();
  private final Set<String> begun = new HashSet<>();
  private boolean started;
  private long forced = System.nanoTime();

  /** An image that was finished, and where its line is. */
  private record Entry(JournalLine.Outcome outcome, long start, int length) {}

  private Journal(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  static Path in(Path folder) {
    return folder.resolve(NAME);
  }

  /**
   * What the run of a folder was to look at, and what became of each image, by its name: the last
   * of those that are of the same file. Nothing for one that the run has not come to.
   *
   * @throws SpyhopException if there is no record of a run, or it cannot be read
   */
  static Map<String, Optional<JournalLine.Outcome>> outcomes(Path folder) {
    Path file = in(folder);
    if (!Files.isRegularFile(file)) {
      throw new SpyhopException(
          folder + ": expected the results of an earlier run, found no " + NAME + " there.");
    }
    Map<String, Optional<JournalLine.Outcome>> outcomes = new LinkedHashMap<>();
    Map<String, String> names = new HashMap<>();
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
      boolean first = true;
      for (Optional<byte[]> next; (next = readLine(in)).isPresent(); first = false) {
        byte[] line = next.get();
        if (!first && line[0] == 0) break; // a power cut may leave zeros
        Set<String> begun = first ? JournalLine.head(line).images() : JournalLine.more(line);
        begun.forEach(name -> outcomes.putIfAbsent(name, Optional.empty()));
        if (first || !begun.isEmpty()) continue;
        JournalLine.Outcome outcome = JournalLine.outcome(line);
        String name = outcome.image();
        String before = names.put(outcome.stamp().file(), name);
        if (before != null && !before.equals(name)) outcomes.remove(before);
        outcomes.put(name, Optional.of(outcome));
      }
    } catch (IOException e) {
      throw new SpyhopException(
          Strings.format(
              "%s: expected the record of a run, found something else (%s).", file, e.getMessage()),
          e);
    }
    return outcomes;
  }

  /** What was set in the run of a folder; empty if it has no record of one that can be read. */
  static Map<String, String> settings(Path folder) {
    if (!Files.isRegularFile(in(folder))) return Map.of();
    try (InputStream in = new BufferedInputStream(Files.newInputStream(in(folder)))) {
      Optional<byte[]> line = readLine(in);
      return line.isPresent() ? JournalLine.head(line.get()).settings() : Map.of();
    } catch (IOException e) {
      return Map.of();
    }
  }

  /** Begins anew, even if there is an old one. */
  static Journal begin(Path folder, JournalLine.Head head) {
    return open(
        in(folder),
        journal -> {
          journal.channel.truncate(0);
          journal.append(JournalLine.of(head));
          journal.begun.addAll(head.images());
        });
  }

  /**
   * Goes on with an old one.
   *
   * @param check throws if what has been read of it is not to be gone on with
   * @throws SpyhopException if it is of another job or other settings, and says which
   */
  static Journal resume(Path folder, JournalLine.Head head, Consumer<Journal> check) {
    return open(
        in(folder),
        journal -> {
          journal.load(head);
          check.accept(journal);
          Set<String> more = new LinkedHashSet<>(head.images());
          more.removeAll(journal.begun);
          if (!more.isEmpty()) journal.append(JournalLine.more(more));
          journal.begun.addAll(more);
        });
  }

  private interface Start {
    void with(Journal journal) throws IOException;
  }

  private static Journal open(Path file, Start start) {
    Journal journal = null;
    try {
      FileChannel channel =
          FileChannel.open(
              file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
      journal = new Journal(file, channel);
      if (lock(channel).isEmpty()) {
        throw new SpyhopException(
            FileNames.folder(file)
                + ": another run is writing its results here. Wait until it has ended, or name"
                + " another folder.");
      }
      start.with(journal);
      journal.started = true;
      return journal;
    } catch (IOException e) {
      if (journal != null) journal.close();
      throw Folders.cannotWrite(file, e);
    } catch (RuntimeException e) {
      if (journal != null) journal.close();
      throw e;
    }
  }

  private static Optional<FileLock> lock(FileChannel channel) throws IOException {
    try {
      return Optional.ofNullable(channel.tryLock());
    } catch (OverlappingFileLockException e) {
      return Optional.empty();
    }
  }

  private void load(JournalLine.Head head) throws IOException {
    long at = 0;
    Optional<JournalLine.Head> earlier = Optional.empty();
    try {
      // not closed, which would close the channel; another stream could not read past the lock
      InputStream in = new BufferedInputStream(Channels.newInputStream(channel), 1 << 16);
      for (Optional<byte[]> next; (next = readLine(in)).isPresent(); ) {
        byte[] line = next.get();
        if (at == 0) {
          earlier = Optional.of(JournalLine.head(line));
          begun.addAll(earlier.get().images());
        } else if (line[0] == 0) {
          break; // a power cut may leave zeros
        } else {
          Set<String> more = JournalLine.more(line);
          begun.addAll(more);
          if (more.isEmpty()) index(line, at);
        }
        at += line.length;
      }
    } catch (IOException e) {
      throw new SpyhopException(
          Strings.format(
              "%s: expected the record of a run, found something else (%s). Do all anew, or name another folder.",
              file, e.getMessage()),
          e);
    }
    // a line without its end was cut off; where every image failed, nothing is gone on with
    if (finished.isEmpty()) at = 0;
    else requireSame(earlier.orElseThrow(), head);
    channel.truncate(at);
    channel.position(at);
    if (at > 0) return;
    failed.clear();
    append(JournalLine.of(head));
    begun.addAll(head.images());
  }

  /** With its line break; empty at the end of the file, and where there is no line break. */
  private static Optional<byte[]> readLine(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int b; (b = in.read()) >= 0; ) {
      line.write(b);
      if (b == '\n') return Optional.of(line.toByteArray());
      if (line.size() == MAX_LINE) throw new IOException("a line is too long");
    }
    return Optional.empty();
  }

  private void requireSame(JournalLine.Head before, JournalLine.Head now) {
    if (!before.job().equals(now.job())) throw other("job", before.job(), now.job());
    Stream.of(now, before)
        .flatMap(h -> h.settings().keySet().stream())
        .forEach(
            name -> {
              String old = before.settings().getOrDefault(name, "none");
              String wanted = now.settings().getOrDefault(name, "none");
              if (!old.equals(wanted)) throw other(name, old, wanted);
            });
  }

  private SpyhopException other(String what, String before, String now) {
    return new SpyhopException(
        Strings.format(
            "%s: the run to be resumed had %s %s, received %s. Resume it with the same, do all anew, or name another folder.",
            FileNames.folder(file), what, before, now));
  }

  private void index(byte[] line, long start) throws IOException {
    JournalLine.Outcome outcome = JournalLine.outcome(line);
    finished.remove(outcome.image());
    failed.remove(outcome.image());
    if (outcome.failed()) failed.put(outcome.image(), outcome);
    else finished.put(outcome.image(), new Entry(outcome, start, line.length));
  }

  /** Whether an image was to be looked at in this run or an earlier one, finished or not. */
  boolean isBegun(String image) {
    return begun.contains(image);
  }

  /** What is known of a finished image. */
  Optional<JournalLine.Outcome> find(String image) {
    return Optional.ofNullable(finished.get(image)).map(Entry::outcome);
  }

  /** What became of an image; empty if it has not been looked at. */
  Optional<JournalLine.Outcome> outcome(String image) {
    return find(image).or(() -> Optional.ofNullable(failed.get(image)));
  }

  /**
   * Finished images: those of a run in their order, then those of earlier runs.
   *
   * @param files of the run, by name of the image
   */
  List<String> images(Map<String, Path> files) {
    Set<String> paths =
        files.values().stream()
            .map(f -> f.toAbsolutePath().normalize().toString())
            .collect(Collectors.toUnmodifiableSet());
    List<String> names = new ArrayList<>();
    files.keySet().stream().filter(finished::containsKey).forEach(names::add);
    for (JournalLine.Outcome o : finished.values().stream().map(Entry::outcome).toList()) {
      boolean renamed = paths.contains(o.stamp().file());
      if (!files.containsKey(o.image()) && !renamed) names.add(o.image());
    }
    return names;
  }

  /**
   * Images that are finished or failed: those of a run in their order, then those of earlier runs.
   */
  List<String> looked(Map<String, Path> files) {
    Set<String> names = new LinkedHashSet<>(files.keySet());
    names.removeIf(name -> outcome(name).isEmpty());
    names.addAll(images(files));
    return List.copyOf(names);
  }

  /** Reads the rows of an image again. */
  void rows(String image, JournalLine.RowSink sink) throws IOException {
    Entry entry = finished.get(image);
    ByteBuffer line = ByteBuffer.allocate(entry.length);
    while (line.hasRemaining()) {
      if (channel.read(line, entry.start + line.position()) < 0) {
        throw new IOException("it has become shorter");
      }
    }
    JournalLine.rows(line.array(), sink);
  }

  /** Adds a line of an image. */
  void add(byte[] line) {
    try {
      long start = channel.position();
      append(line);
      index(line, start);
    } catch (IOException e) {
      throw Folders.cannotWrite(file, e);
    }
  }

  /** Whole or not at all: a full disk must not leave a half line before the next. */
  private void append(byte[] line) throws IOException {
    long start = channel.position();
    try {
      ByteBuffer bytes = ByteBuffer.wrap(line);
      while (bytes.hasRemaining()) channel.write(bytes);
      force();
    } catch (IOException e) {
      channel.truncate(start);
      throw e;
    }
  }

  /** Brings lines to the disk, once a second at most. */
  private void force() throws IOException {
    if (System.nanoTime() - forced < FORCED_EVERY) return;
    channel.force(false);
    forced = System.nanoTime();
  }

  /** Leaves no record of a run that has looked at nothing. */
  @Override
  public void close() {
    try {
      if (channel.isOpen()) channel.force(false);
      channel.close();
      if (started && finished.isEmpty() && failed.isEmpty()) Files.deleteIfExists(file);
    } catch (IOException e) {
      throw Folders.cannotWrite(file, e);
    }
  }
}
