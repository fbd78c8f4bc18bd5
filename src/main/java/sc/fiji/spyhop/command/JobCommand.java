package sc.fiji.spyhop.command;

import ij.IJ;
import ij.ImagePlus;
import ij.WindowManager;
import ij.macro.Interpreter;
import ij.plugin.frame.Recorder;
import java.awt.GraphicsEnvironment;
import java.awt.HeadlessException;
import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.scijava.app.StatusService;
import org.scijava.command.ContextCommand;
import org.scijava.log.LogService;
import org.scijava.module.Module;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;
import org.scijava.task.TaskService;
import org.scijava.thread.ThreadService;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.engine.Precision;
import sc.fiji.spyhop.ij.ChannelChoice;
import sc.fiji.spyhop.job.Caller;
import sc.fiji.spyhop.job.SettingException;
import sc.fiji.spyhop.job.StoppedException;
import sc.fiji.spyhop.prediction.LabelMap;
import sc.fiji.spyhop.util.Decimals;
import sc.fiji.spyhop.util.Strings;

/**
 * Something that a user can ask for. Its parameters are declared once, here: ImageJ's dialogs and
 * macros, the shell, the macro reference and the records of models are made from them.
 */
public abstract class JobCommand extends ContextCommand {

  @Parameter private StatusService statusService;
  @Parameter private TaskService taskService;
  @Parameter private ThreadService threadService;
  @Parameter private LogService logService;

  private Optional<Consumer<String>> attendant = Optional.empty();
  private boolean endsMacro;
  private Optional<RuntimeException> failure = Optional.empty();
  private Optional<Module> module = Optional.empty();
  private final Map<String, Offer> offers = new HashMap<>();

  /**
   * What a dialog offers for a setting, beyond what is declared: not all of it is known before.
   *
   * @param choices such as models or open images
   * @param lines that go on with the description; empty for none
   */
  public record Offer(List<String> choices, String lines) {
    /** Copies the list. */
    public Offer {
      choices = List.copyOf(choices);
    }
  }

  /** A job whose settings are the defaults. */
  public static <T extends JobCommand> T defaults(Class<T> job) {
    try {
      return job.getDeclaredConstructor().newInstance();
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Name of the menu entry, by which macros call it. */
  public final String title() {
    String path = getClass().getAnnotation(Plugin.class).menuPath();
    return path.substring(path.lastIndexOf('>') + 1);
  }

  /** What it does, in a sentence. */
  public String description() {
    return getClass().getAnnotation(Plugin.class).description();
  }

  /** All that can be set, as the parameters declare it, with their values of now. */
  public List<Setting> settings() {
    return Setting.of(this);
  }

  /**
   * Refuses settings that make no sense, each by itself and together.
   *
   * @throws SettingException if there are such
   */
  public final void checkSettings() {
    settings().forEach(Setting::check);
    check();
  }

  /** As {@link #checkSettings}, for what concerns more than one setting, or what text means. */
  void check() {}

  /**
   * Does it, and blocks until that is done.
   *
   * @throws SettingException if a setting makes no sense, before anything is done
   * @throws SpyhopException if something else is wrong
   * @throws CancellationException if the caller has had enough
   */
  public final void run(Caller caller) {
    checkSettings();
    try {
      work(caller);
    } catch (OutOfMemoryError e) {
      throw image().map(i -> SpyhopException.outOfMemory(i.getTitle(), e)).orElseThrow(() -> e);
    }
  }

  /** The open image that it is about. */
  private Optional<ImagePlus> image() {
    return settings().stream()
        .map(Setting::get)
        .filter(ImagePlus.class::isInstance)
        .map(ImagePlus.class::cast)
        .findFirst();
  }

  abstract void work(Caller caller);

  /** Offers something in a dialog, in the place of what was offered before. */
  final void offer(String key, List<String> choices, String lines) {
    offers.put(key, new Offer(choices, lines));
  }

  /** What is offered for a setting, since this was initialized. */
  public final Optional<Offer> offered(String key) {
    return Optional.ofNullable(offers.get(key));
  }

  /** Told by whoever prepares a run which module this is the work of. */
  public final void preparedAs(Module prepared) {
    module = Optional.of(prepared);
  }

  /** What will come of it can be seen while its dialog is filled in; empty if it cannot. */
  public Optional<Previewer> previewer() {
    return Optional.empty();
  }

  /**
   * What is taken for settings that are left empty, by key.
   *
   * @param settings values by key, as they are in a dialog, which may make no sense yet
   */
  public Map<String, String> hints(Map<String, Object> settings) {
    return Map.of();
  }

  /**
   * What is told under a field while the dialog is filled in, by key: lines for values by key,
   * which may make no sense yet. It may take its time, and is asked in a thread of its own.
   */
  public Map<String, Function<Map<String, Object>, List<String>>> notes() {
    return settings().stream()
        .map(Setting::key)
        .filter(ModelNote.KEYS::contains)
        .collect(Collectors.toMap(Function.identity(), ModelNote::new));
  }

  /**
   * What is shown beside the {@link #notes} of a field; it may take its time as well.
   *
   * @param key of the setting
   * @param settings values by key, which may make no sense yet
   * @return a small picture, if there is one
   */
  public Optional<BufferedImage> picture(String key, Map<String, Object> settings) {
    return ModelNote.KEYS.contains(key) ? new ModelNote(key).picture(settings) : Optional.empty();
  }

  /**
   * From now on a failure is told to the user instead of thrown.
   *
   * @param voice is given the sentence, besides the reason of the cancellation
   * @param macro whether it also ends the macro that runs
   */
  public final void attend(Consumer<String> voice, boolean macro) {
    attendant = Optional.of(voice);
    endsMacro = macro;
  }

  /** What it ended with, if not well: a {@link SpyhopException}, or that it was stopped. */
  public final Optional<RuntimeException> failure() {
    return failure;
  }

  /** As {@link #run(Caller)}, for ImageJ: in its log, status bar and windows. */
  @Override
  public final void run() {
    IJ.resetEscape();
    try {
      run(new ImageJCaller(this, statusService, taskService));
    } catch (SettingException e) {
      end(new SpyhopException(inImageJ(e), e));
    } catch (SpyhopException | StoppedException e) {
      end(e);
    } catch (CancellationException e) {
      end(new StoppedException(title() + " was cancelled; nothing was changed."));
    } catch (RuntimeException | OutOfMemoryError | StackOverflowError e) {
      if (attendant.isEmpty()) throw e;
      if (e instanceof RuntimeException) logService.error(e); // a fault of ours, to be reported
      end(new SpyhopException(SpyhopException.describe(e), e));
    } finally {
      if (parent() != null) WindowManager.setTempCurrentImage(null); // of a pool's thread
    }
  }

  /**
   * Ends without a result: with a sentence for the user, which ends a running macro, or by throwing
   * where nobody would be told.
   */
  public final void end(RuntimeException reason) {
    failure = Optional.of(reason);
    boolean quiet = reason instanceof CancellationException && !IJ.isMacro();
    if (attendant.isEmpty() && !quiet) throw reason;
    Recorder.disableCommandRecording();
    cancel(reason.getMessage());
    attendant.ifPresent(a -> a.accept(reason.getMessage()));
    if (endsMacro) RunningMacro.end(reason.getMessage());
  }

  /** The thread that asked for this one; null if SciJava has not started it. */
  private Thread parent() {
    return threadService == null ? null : threadService.getParent(Thread.currentThread());
  }

  /** With the name of the setting as dialogs and macros have it. */
  public final String inImageJ(SettingException e) {
    if (!e.remedies().isEmpty()) {
      return Strings.format(
          "%s (in macros: %s).",
          e.sentence(),
          e.remedies().stream()
              .map(r -> r.key() + "=" + r.value())
              .collect(Collectors.joining(" or ")));
    }
    String label =
        settings().stream()
            .filter(s -> s.key().equals(e.key()))
            .map(Setting::label)
            .findFirst()
            .orElse(e.key());
    String example =
        e.example().isEmpty() ? "" : Strings.format(" In macros: %s=[%s].", e.key(), e.example());
    return Strings.format("%s: %s%s", label, e.sentence(), example);
  }

  /** The line of a macro that asks for the same; defaults are left out. */
  final String request() {
    Map<String, Object> defaults =
        defaults(getClass()).settings().stream()
            .filter(s -> s.get() != null)
            .collect(Collectors.toMap(Setting::key, Setting::get));
    String keys =
        settings().stream()
            .filter(s -> s.get() != null && s.type() != ImagePlus.class)
            .filter(s -> !s.get().equals(defaults.get(s.key())))
            .map(Setting::inMacro)
            .collect(Collectors.joining(" "));
    String escaped = keys.replace("\\", "\\\\").replace("\"", "\\\"");
    return Strings.format("run(\"%s\", \"%s\");", title(), escaped);
  }

  /** Shows a result as the current image, also of the rest of a macro, and where none is shown. */
  final void makeCurrent(ImagePlus result) {
    try {
      result.show();
    } catch (HeadlessException e) {
      return; // neither a macro nor a window: the result is the command's output alone
    }
    if (Interpreter.isBatchMode() || GraphicsEnvironment.isHeadless()) {
      Thread caller = Optional.ofNullable(parent()).orElse(Thread.currentThread());
      WindowManager.setTempCurrentImage(caller, result);
    }
    // shown by now: once more, and a macro would count it twice
    module.ifPresent(m -> m.getInfo().outputs().forEach(o -> m.resolveOutput(o.getName())));
  }

  // Values that are written as text, since they may be left out.

  /** Absent if it is blank. */
  static Optional<String> word(String text) {
    return Optional.of(text.strip()).filter(t -> !t.isEmpty());
  }

  /**
   * Channels as {@link ChannelChoice#parse} reads them.
   *
   * @throws SettingException if they are none
   */
  static ChannelChoice channels(String text) {
    try {
      if (!text.isBlank()) return ChannelChoice.parse(text);
    } catch (SpyhopException e) {
      // told below
    }
    throw SettingException.wrong(
        "channel", "expected auto, grey or a number from 1, received \"" + text.strip() + "\".");
  }

  /**
   * The setting that chooses how processors compute.
   *
   * @throws SettingException if it is none of the choices
   */
  static Precision precision(String text) {
    return setting("precision", () -> Precision.of(text));
  }

  /**
   * What a setting means where something else than a command knows how to read it.
   *
   * @throws SettingException that names the setting, if it makes no sense
   */
  static <T> T setting(String key, Supplier<T> read) {
    try {
      return read.get();
    } catch (SettingException e) {
      throw e;
    } catch (SpyhopException e) {
      throw SettingException.wrong(key, e.getMessage());
    }
  }

  /** Words with commas. */
  static List<String> words(String text) {
    return Arrays.stream(text.split(",")).map(String::strip).filter(w -> !w.isEmpty()).toList();
  }

  /**
   * A number; absent if it is blank.
   *
   * @throws SettingException if it is none
   */
  static OptionalDouble number(String key, String text) {
    if (text.isBlank()) return OptionalDouble.empty();
    double value = Decimals.parse(text);
    if (Double.isFinite(value)) return OptionalDouble.of(value);
    throw SettingException.wrong(key, "expected a number, received \"" + text.strip() + "\".");
  }

  /** A number from 0 to a maximum; absent if it is blank. */
  static OptionalDouble number(String key, String text, double max) {
    OptionalDouble value = number(key, text);
    if (value.isEmpty() || value.getAsDouble() >= 0 && value.getAsDouble() <= max) return value;
    throw SettingException.wrong(
        key,
        Strings.format(
            "expected a number from 0 to %s, received %s.", Decimals.text(max), text.strip()));
  }

  /**
   * A label of a label image; -1 if it is blank.
   *
   * @throws SettingException if it is none
   */
  static int label(String key, String text) {
    if (text.isBlank()) return -1;
    double value = number(key, text, LabelMap.MAX_LABEL).orElseThrow();
    if (value == Math.rint(value)) return (int) value;
    throw SettingException.wrong(
        key, "expected one label, a whole number, received " + text.strip() + ".");
  }

  /**
   * Whole numbers with commas.
   *
   * @throws SettingException if one is none
   */
  static List<Integer> integers(String key, String text) {
    try {
      return words(text).stream().map(Integer::valueOf).toList();
    } catch (NumberFormatException e) {
      throw SettingException.wrong(
          key, "expected whole numbers with commas, received \"" + text.strip() + "\".");
    }
  }
}
