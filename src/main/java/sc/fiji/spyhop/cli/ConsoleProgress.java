package sc.fiji.spyhop.cli;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.job.Caller;
import sc.fiji.spyhop.util.Strings;

/**
 * Progress of a list of jobs, one after the other or several at the same time: a bar with the time
 * left on a terminal, otherwise a line per finished job and, while one takes long, a line every
 * half minute. Safe for several threads.
 */
final class ConsoleProgress implements Caller.Shown {

  private static final int STEPS = 1000;
  private static final int WIDTH = 120;
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Console console;
  private final int jobs;
  private final ProgressBar bar;
  private final Deque<Part> running = new ArrayDeque<>();
  private int job;
  private long spoken = System.nanoTime();

  ConsoleProgress(Console console, String title, int jobs) {
    this.console = console;
    this.jobs = jobs;
    this.bar =
        console.isTerminal()
            ? new ProgressBarBuilder()
                .setTaskName(title)
                .setInitialMax((long) jobs * STEPS)
                .setStyle(ProgressBarStyle.ASCII)
                .setUpdateIntervalMillis(250)
                .setUnit(jobs > 1 ? " images" : " %", jobs > 1 ? STEPS : STEPS / 100)
                .hideEta()
                .setEtaFunction(
                    s -> {
                      long done = s.getCurrent() - s.getStart();
                      if (done <= 0) return java.util.Optional.empty();
                      double left = (double) (s.getMax() - s.getCurrent()) / done;
                      return java.util.Optional.of(
                          Duration.ofMillis((long) (left * s.getElapsedAfterStart().toMillis())));
                    })
                .setConsumer(new me.tongfei.progressbar.ConsoleProgressBarConsumer(System.err))
                .build()
            : null;
  }

  /** The next job begins; {@link #update} tells of it until there is another. */
  synchronized Progress begin(String jobName) {
    Part part = new Part(jobName);
    running.add(part);
    spoken = System.nanoTime();
    if (bar != null) bar.setExtraMessage(SafeWriter.safe(jobName));
    return part;
  }

  /** The job that began first has ended; {@code line} says how. */
  synchronized void end(String line) {
    job++;
    running.poll();
    if (bar != null) show();
    else console.say((jobs > 1 ? job + "/" + jobs + " " : "") + line);
  }

  /** Prints a line without spoiling the bar. */
  synchronized void say(String line) {
    if (bar == null) console.say(line);
    else console.sayOver(line + " ".repeat(Math.max(0, WIDTH - line.length())));
  }

  @Override
  public synchronized void update(String message, long done, long total) {
    if (running.isEmpty()) running.add(new Part(""));
    running.getLast().update(message, done, total);
  }

  private void show() {
    double finished = job;
    for (Part part : running) finished += part.fraction;
    long step = (long) (finished * STEPS);
    if (step < bar.getCurrent()) bar.reset(); // what came before was only the preparation
    bar.stepTo(step);
  }

  @Override
  public boolean isCancelled() {
    return console.isStopRequested();
  }

  @Override
  public void close() {
    if (bar != null) bar.close();
  }

  /** Progress of one of several jobs at the same time. */
  private final class Part implements Progress {

    private final String name;
    private double fraction;

    Part(String name) {
      this.name = name;
    }

    @Override
    public void update(String message, long done, long total) {
      synchronized (ConsoleProgress.this) {
        fraction = total <= 0 ? 0 : Math.min(1, (double) done / total);
        if (bar != null) {
          show();
          if (jobs == 1) bar.setExtraMessage(message.replaceFirst(", [^,]* left$", ""));
        } else if (System.nanoTime() - spoken > PATIENCE.toNanos()) {
          spoken = System.nanoTime();
          console.say(Strings.format("%s: %s, %.0f %%", name, message, 100 * fraction));
        }
      }
    }

    @Override
    public boolean isCancelled() {
      return ConsoleProgress.this.isCancelled();
    }
  }
}
