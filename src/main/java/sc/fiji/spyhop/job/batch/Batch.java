package sc.fiji.spyhop.job.batch;

import ij.ImagePlus;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CancellationException;
import java.util.regex.Pattern;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.dataset.ImageGroups;
import sc.fiji.spyhop.engine.Precision;
import sc.fiji.spyhop.ij.ChannelChoice;
import sc.fiji.spyhop.ij.Frames;
import sc.fiji.spyhop.ij.ImageFiles;
import sc.fiji.spyhop.ij.LookArea;
import sc.fiji.spyhop.ij.measure.Measures;
import sc.fiji.spyhop.job.BatchListener;
import sc.fiji.spyhop.job.SettingException;
import sc.fiji.spyhop.job.StoppedException;
import sc.fiji.spyhop.util.AtomicFile;
import sc.fiji.spyhop.util.FileNames;
import sc.fiji.spyhop.util.Folders;
import sc.fiji.spyhop.util.OrderedJobs;
import sc.fiji.spyhop.util.Strings;
import sc.fiji.spyhop.util.Version;

/**
 * Does a job with many images: several are read, looked at and written at the same time, while
 * there is memory. Table, messages and problems are in the order of the files, and a bad file does
 * not stop the others. What is finished is written down, so that a run that was cut off can be
 * resumed.
 */
public final class Batch {

  private static final Pattern LEFTOVER = Pattern.compile("\\..+\\.[0-9a-f-]{36}\\.tmp");

  /** Bytes of the name of a file. */
  private static final int MAX_NAME = 255;

  private static final String WAYS =
      "To do all anew, replace them (existing=replace; in a shell, --force). To keep them, name"
          + " another folder.";

  private final BatchJob job;
  private final Map<String, Path> files;
  private final Path output;
  private final ChannelChoice channels;
  private final ImageGroups groups;
  private final BatchListener listener;
  private final List<String> failures = new ArrayList<>();
  private final List<RuntimeException> stops = new ArrayList<>();
  private int done;

  /**
   * How a batch went.
   *
   * @param images finished, with those of before
   * @param before how many of them were finished before
   * @param counted what was found in all of them, in words; empty if nothing is counted
   * @param failures one sentence for each that could not be looked at
   */
  public record Summary(int images, int before, String counted, List<String> failures) {

    /** Such as {@code 5 images (2 of them before), 11 objects}. */
    public String text() {
      return Strings.format(
          "%d image%s%s%s",
          images,
          images == 1 ? "" : "s",
          before > 0 ? " (" + before + " of them before)" : "",
          counted.isEmpty() ? "" : ", " + counted);
    }
  }

  private Batch(
      BatchJob job,
      Map<String, Path> files,
      Path output,
      ChannelChoice channels,
      ImageGroups groups,
      BatchListener listener) {
    this.job = job;
    this.files = files;
    this.output = output;
    this.channels = channels;
    this.groups = groups;
    this.listener = listener;
  }

  /**
   * Does a job. Blocks until all is done.
   *
   * @param files by the name of what they leave
   * @param output folder for the results; made if it is not there
   * @param groups by which tables sum up
   * @throws SpyhopException before anything is done, if the folder cannot be written to or holds
   *     results that are to be kept, or the model cannot be opened; later, if the folder is full
   * @throws StoppedException if cancelled; says how far it came. What is finished is in the table,
   *     and the run can be resumed
   */
  public static Summary run(
      BatchJob job,
      Map<String, Path> files,
      Path output,
      ChannelChoice channels,
      ImageGroups groups,
      Existing existing,
      BatchListener listener) {
    return new Batch(job, files, output, channels, groups, listener).run(existing);
  }

  private Summary run(Existing existing) {
    requireNoResults(existing);
    job.area().requireOneEach(files.values());
    return Folders.writing(
        output,
        () -> {
          try (BatchJob.Session session = job.open()) {
            requireOtherNames(session);
            return run(existing, session);
          }
        });
  }

  private Summary run(Existing existing, BatchJob.Session session) {
    try (Journal journal = journal(existing, session)) {
      Map<String, Path> left = new LinkedHashMap<>(files);
      left.keySet().removeIf(name -> isDone(name, journal));
      int before = files.size() - left.size();
      listener.start(session.title(), left.size(), before);
      try {
        look(left, session, journal);
      } catch (RuntimeException e) {
        finishAfter(e, session, journal);
        throw e;
      }
      List<String> images = finish(session, journal);
      List<JournalLine.Outcome> found =
          images.stream().map(journal::find).flatMap(Optional::stream).toList();
      long count = found.stream().mapToLong(JournalLine.Outcome::count).sum();
      // classes of pixels are no things that could be counted
      boolean counts = job.countsObjects() || found.stream().allMatch(o -> o.classes().isEmpty());
      return new Summary(
          images.size(), before, counts ? job.counted(count) : "", List.copyOf(failures));
    }
  }

  private void requireOtherNames(BatchJob.Session session) {
    Set<String> taken = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    session.columns().forEach(c -> taken.add(c.name()));
    taken.addAll(ImageTables.COLUMNS);
    taken.addAll(Measures.ALL.columns(1));
    job.averaged().forEach(column -> taken.add("mean_" + column));
    for (String name : groups.names()) {
      String single = name.replaceFirst("_c\\d+$", "");
      if (!taken.contains(name) && !taken.contains(single)) continue;
      throw SettingException.wrong(
          "group", "\"" + name + "\" is a column of the results already; call it otherwise.");
    }
  }

  // ---- what is there

  private void requireNoResults(Existing existing) {
    if (existing == Existing.REPLACE) return;
    boolean journal = Files.exists(Journal.in(output));
    if (existing == Existing.RESUME && journal) return;
    List<Path> there = new ArrayList<>();
    for (String table :
        List.of(job.table(), ImageTables.IMAGES, ImageTables.GROUPS, ImageTables.CLASSES)) {
      there.add(output.resolve(table));
    }
    if (journal) there.add(Journal.in(output));
    for (String name : files.keySet()) job.endings().forEach(e -> there.add(place(name, e)));
    there.removeIf(f -> !Files.exists(f));
    if (there.isEmpty()) return;
    String what =
        Strings.format(
            "%s holds earlier results (%s%s)",
            output,
            FileNames.last(there.get(0)),
            there.size() > 1 ? " and " + (there.size() - 1) + " more files" : "");
    throw new SpyhopException(
        existing == Existing.RESUME
            ? what + ", and no " + Journal.NAME + " from which that run could be resumed. " + WAYS
            : what + ". Resume that run (existing=resume; in a shell, --resume). " + WAYS);
  }

  private Journal journal(Existing existing, BatchJob.Session session) {
    Map<String, String> settings = new TreeMap<>(job.settings());
    settings.putAll(session.used());
    if (job.precision() != Precision.AUTO) settings.put("precision", job.precision().text());
    settings.put("version", Version.number());
    settings.put("channel", channels.toString());
    settings.put("model", session.fingerprint());
    JournalLine.Head head = new JournalLine.Head(job.name(), settings, files.keySet());
    if (existing != Existing.RESUME) return Journal.begin(output, head);
    Journal journal = Journal.resume(output, head, this::requireOwn);
    removeLeftovers();
    return journal;
  }

  /** What would be replaced has to be of the same image, or of one that was never finished. */
  private void requireOwn(Journal journal) {
    files.forEach(
        (name, file) -> {
          Optional<JournalLine.Stamp> before = stamp(name, journal);
          if (before.filter(s -> s.isOfAnother(file) && !isChanged(s, journal)).isPresent()) {
            throw new SpyhopException(
                Strings.format(
                    "%s holds the results of %s, which those of %s would replace. %s",
                    output, before.get().file(), file, WAYS));
          }
          if (journal.isBegun(name)) return;
          for (String ending : job.endings()) {
            if (!AtomicFile.isThere(place(name, ending))) continue;
            throw new SpyhopException(
                Strings.format(
                    "%s exists already, and is no result of the run that is resumed there. %s",
                    place(name, ending), WAYS));
          }
        });
  }

  /** Whether an image has been moved with others, which are as they were, and changed besides. */
  private boolean isChanged(JournalLine.Stamp before, Journal journal) {
    return !new File(before.file()).exists()
        && files.entrySet().stream()
            .anyMatch(
                e -> stamp(e.getKey(), journal).filter(s -> s.isMoved(e.getValue())).isPresent());
  }

  private static Optional<JournalLine.Stamp> stamp(String name, Journal journal) {
    return journal.find(name).map(JournalLine.Outcome::stamp);
  }

  /** Files that a run was writing when it was killed. */
  private void removeLeftovers() {
    try (DirectoryStream<Path> all = Files.newDirectoryStream(output, ".*.tmp")) {
      for (Path file : all) {
        if (LEFTOVER.matcher(FileNames.last(file)).matches()) Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw Folders.cannotWrite(output, e);
    }
  }

  /** Finished, not changed since, and its files are as they were written. */
  private boolean isDone(String name, Journal journal) {
    return journal
        .find(name)
        .filter(o -> o.stamp().isStill(files.get(name)))
        .filter(o -> o.sizes().equals(sizes(name)))
        .isPresent();
  }

  private Map<String, Long> sizes(String name) {
    Map<String, Long> sizes = new TreeMap<>();
    for (String ending : job.endings()) {
      try {
        sizes.put(ending, Files.size(place(name, ending)));
      } catch (IOException e) {
        sizes.put(ending, -1L);
      }
    }
    return sizes;
  }

  private Path place(String name, String ending) {
    return output.resolve(name + ending);
  }

  // ---- looking

  /** What became of a file. */
  private sealed interface Outcome {
    record Done(byte[] line, String summary) implements Outcome {}

    record Failed(byte[] line, String why) implements Outcome {}

    /** Cancelled, or a folder that cannot be written to, which ends it all. */
    record Stopped(RuntimeException why) implements Outcome {}
  }

  private void look(Map<String, Path> left, BatchJob.Session session, Journal journal) {
    int threads =
        Math.max(1, Math.min(left.size(), Runtime.getRuntime().availableProcessors() + 1));
    Admission admission = new Admission(Runtime.getRuntime().maxMemory() / 2);
    try (OrderedJobs<Runnable> jobs =
        new OrderedJobs<>("spyhop-file", threads, 2 * threads, Runnable::run)) {
      for (Map.Entry<String, Path> entry : left.entrySet()) {
        if (listener.isCancelled()) stops.add(new CancellationException());
        if (!stops.isEmpty()) break;
        Admission.Ticket ticket = admission.ticket();
        Progress progress = listener.begin(FileNames.last(entry.getValue()));
        jobs.submit(
            () -> {
              Outcome o = look(entry.getKey(), entry.getValue(), session, ticket, progress);
              return () -> take(entry.getValue(), o, journal);
            });
      }
      jobs.finish();
    }
    if (stops.isEmpty()) return;
    if (stops.get(0) instanceof CancellationException) {
      throw new StoppedException(
          "Stopped after "
              + done
              + " of "
              + Strings.count(left.size(), "image")
              + "; the run can be resumed.");
    }
    throw stops.get(0);
  }

  /** In the order of the files. */
  private void take(Path file, Outcome outcome, Journal journal) {
    if (outcome instanceof Outcome.Done d) {
      journal.add(d.line());
      done++;
      listener.end(file + ": " + d.summary());
    } else if (outcome instanceof Outcome.Failed f) {
      journal.add(f.line());
      failures.add(f.why());
      listener.end(file + ": failed");
    } else if (outcome instanceof Outcome.Stopped s) {
      stops.add(s.why());
    }
  }

  private Outcome look(
      String name,
      Path file,
      BatchJob.Session session,
      Admission.Ticket ticket,
      Progress progress) {
    JournalLine.Stamp stamp = JournalLine.Stamp.of(file);
    try (ticket) {
      requireShortNames(name);

      ticket.await(Math.max(0, stamp.bytes()));
      progress.checkCancelled();
      long start = System.nanoTime();
      BatchJob.Found found;
      Optional<String> remark;
      ImagePlus image;
      try {
        image = ImageFiles.open(file);
        ticket.enter(memoryFor(image));
        remark = session.remark(Frames.pixelSize(image));
        LookArea.Of within = job.area().in(image, file);
        Frames frames = job.area().normalized(session.frames(image, channels), within);
        found =
            session.look(
                new BatchJob.Image(name, file, frames, within, ending -> place(name, ending)),
                progress);
        if (within.isEmpty(image.getNSlices(), image.getNFrames())) {
          remark = Optional.of(job.area().nothing());
        }
      } catch (CancellationException e) {
        throw e;
      } catch (RuntimeException e) {
        return failed(name, file, stamp, e);
      }
      found.write(ending -> place(name, ending));
      double seconds = (System.nanoTime() - start) / 1e9;
      Map<String, String> about = new TreeMap<>(found.about());
      about.put("model", session.model());
      about.put("device", session.device());
      about.put("seconds", Strings.format("%.3f", seconds));
      about.put("warning", remark.orElse(""));
      about.put("width", String.valueOf(image.getWidth()));
      about.put("height", String.valueOf(image.getHeight()));
      byte[] line = JournalLine.done(name, stamp, sizes(name), found, about);
      String warned = remark.map(r -> ". " + r).orElse("");
      return new Outcome.Done(
          line, Strings.format("%s, %.1f s%s", found.summary(), seconds, warned));
    } catch (NameTooLong e) {
      return failed(name, file, stamp, e);
    } catch (RuntimeException e) {
      return new Outcome.Stopped(e);
    } catch (OutOfMemoryError | StackOverflowError e) {
      return failed(name, file, stamp, e);
    }
  }

  /** Results whose names no file system takes fail for their image alone. */
  private void requireShortNames(String name) {
    for (String ending : job.endings()) {
      int bytes = (name + ending).getBytes(StandardCharsets.UTF_8).length;
      if (bytes <= MAX_NAME) continue;
      throw new NameTooLong(
          Strings.format(
              "its result %s would have a name of %d bytes, where file systems take %d. Rename the image.",
              name + ending, bytes, MAX_NAME));
    }
  }

  private static final class NameTooLong extends SpyhopException {
    private static final long serialVersionUID = 1;

    NameTooLong(String sentence) {
      super(sentence);
    }
  }

  private static Outcome failed(String name, Path file, JournalLine.Stamp stamp, Throwable e) {
    String why = SpyhopException.describe(e);
    String named = why.contains(FileNames.last(file)) ? why : file + ": " + why;
    return new Outcome.Failed(JournalLine.failed(name, stamp, named), named);
  }

  /**
   * About as much as an image takes until its results are written: its pixels, labels, runs and
   * outlines, and what is needed to take a tile apart.
   */
  private static long memoryFor(ImagePlus image) {
    long plane = (long) image.getWidth() * image.getHeight();
    int held = image.getStack().isVirtual() ? image.getNChannels() : image.getStackSize();
    long pixels = plane * held * image.getBytesPerPixel();
    long results = 8 * plane * image.getNSlices() * image.getNFrames();
    return pixels + results + 64 * Math.min(plane, 2_000_000) + 8_000_000;
  }

  private void finishAfter(RuntimeException e, BatchJob.Session session, Journal journal) {
    try {
      finish(session, journal);
    } catch (RuntimeException another) {
      e.addSuppressed(another);
    }
  }

  /** Puts the tables in their place, with what is finished so far, which is returned. */
  private List<String> finish(BatchJob.Session session, Journal journal) {
    List<String> images = journal.images(files);
    if (!images.isEmpty() && !session.columns().isEmpty()) {
      Path table = output.resolve(job.table());
      ResultTable.write(table, session.columns(), journal, images, groups);
    }
    List<String> looked = journal.looked(files);
    if (!looked.isEmpty()) {
      ImageTables.write(output, job, session.columns(), journal, looked, groups);
    }
    return images;
  }
}
