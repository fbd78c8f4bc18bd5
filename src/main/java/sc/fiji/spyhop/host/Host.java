package sc.fiji.spyhop.host;

import ij.IJ;
import ij.ImageJ;
import ij.ImagePlus;
import ij.Menus;
import ij.plugin.frame.Recorder;
import java.awt.GraphicsEnvironment;
import java.awt.Menu;
import java.awt.MenuItem;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.stream.StreamSupport;
import org.scijava.Context;
import org.scijava.app.StatusService;
import org.scijava.command.CommandInfo;
import org.scijava.command.CommandService;
import org.scijava.event.EventService;
import org.scijava.event.EventSubscriber;
import org.scijava.log.LogLevel;
import org.scijava.log.LogService;
import org.scijava.module.DefaultMutableModuleItem;
import org.scijava.module.Module;
import org.scijava.module.ModuleItem;
import org.scijava.module.ModuleRunner;
import org.scijava.module.ModuleService;
import org.scijava.module.MutableModuleItem;
import org.scijava.module.process.PostprocessorPlugin;
import org.scijava.module.process.PreprocessorPlugin;
import org.scijava.plugin.PluginService;
import org.scijava.task.TaskService;
import org.scijava.thread.ThreadService;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.command.JobCommand;

/**
 * Runs Spyhop's commands for plain ImageJ. A macro's options, or else a dialog, give the
 * parameters; an image that is not named is the active one.
 */
public final class Host {

  private static final String PACKAGE = "sc.fiji.spyhop.";
  private static final String MENU = "Spyhop";
  private static final String LEGACY = "net.imagej.legacy.LegacyService";

  private static Host instance;

  private final Context context;
  private final Map<String, CommandInfo> commands = new TreeMap<>();

  private Optional<RuntimeException> failure = Optional.empty();

  /** Events reach only those who are held on to. */
  @SuppressWarnings("UnusedVariable")
  private final List<EventSubscriber<?>> subscriptions;

  private Host() {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    thread.setContextClassLoader(Host.class.getClassLoader());
    try {
      context =
          new Context(
              CommandService.class,
              LogService.class,
              StatusService.class,
              TaskService.class,
              ThreadService.class);
    } finally {
      thread.setContextClassLoader(before);
    }
    // it would print the stack of all that is thrown, of which the host tells
    context.service(LogService.class).setLevel(ModuleRunner.class.getName(), LogLevel.NONE);
    for (CommandInfo info : context.service(CommandService.class).getCommands()) {
      if (info.getDelegateClassName().startsWith(PACKAGE) && !info.getMenuPath().isEmpty()) {
        commands.put(info.getMenuPath().getLeaf().getName(), info);
      }
    }
    subscriptions = context.service(EventService.class).subscribe(new StatusBar());
  }

  /** The only one; begins at the first call. */
  public static synchronized Host instance() {
    if (instance == null) instance = new Host();
    return instance;
  }

  /** Whether imagej-legacy is there, which shows SciJava's commands itself. */
  static boolean isFiji() {
    try {
      Class.forName(LEGACY, false, Host.class.getClassLoader());
      return true;
    } catch (ClassNotFoundException | LinkageError e) {
      return false;
    }
  }

  /** Names of the menu entries. */
  public List<String> entries() {
    return List.copyOf(commands.keySet());
  }

  /**
   * Makes the commands known to ImageJ's macros and, where there is a window, puts them into its
   * Plugins menu. Does nothing in Fiji, and nothing twice.
   */
  @SuppressWarnings("unchecked")
  public void install() {
    if (isFiji()) return;
    if (Menus.getCommands() == null) IJ.runMacro(""); // ImageJ reads its menus
    Map<String, String> known = Menus.getCommands();
    List<String> added = new ArrayList<>();
    for (String entry : commands.keySet()) {
      String call = SpyhopPlugIn.class.getName() + "(\"" + entry + "\")";
      if (known.putIfAbsent(entry, call) == null) added.add(entry);
    }
    if (IJ.getInstance() != null && !added.isEmpty()) show(added, IJ.getInstance());
  }

  private static void show(List<String> entries, ImageJ window) {
    Menu menu = submenu(Menus.getImageJMenu("Plugins"));
    for (String entry : entries) {
      MenuItem item = new MenuItem(entry);
      item.addActionListener(window);
      menu.add(item);
    }
  }

  /** ImageJ has made it already if there are scripts in the folder plugins/Spyhop. */
  private static Menu submenu(Menu plugins) {
    for (int i = 0; i < plugins.getItemCount(); i++) {
      if (plugins.getItem(i) instanceof Menu menu && menu.getLabel().equals(MENU)) return menu;
    }
    Menu menu = new Menu(MENU);
    plugins.add(menu);
    return menu;
  }

  /**
   * Runs a command in this thread, to its end. What goes wrong is shown in a dialog; a macro ends
   * there.
   *
   * @param entry name of a menu entry, such as {@code Spyhop Segment}
   */
  public void run(String entry) {
    CommandInfo info = commands.get(entry);
    if (info == null) {
      throw new SpyhopException("There is no command " + entry + "; there are " + entries() + ".");
    }
    Module module = context.service(ModuleService.class).createModule(info);
    PluginService plugins = context.service(PluginService.class);
    try {
      new ModuleRunner(
              context,
              module,
              plugins.createInstancesOfType(PreprocessorPlugin.class),
              plugins.createInstancesOfType(PostprocessorPlugin.class))
          .run();
      failure = ((JobCommand) module.getDelegateObject()).failure();
    } catch (RuntimeException e) {
      if (IJ.isMacro()) throw e; // a script, which is none of ImageJ's macros
      failure = Optional.of(e);
    }
    if (failure.isPresent()) tell(entry, failure.get());
    else show(module);
  }

  /** What the last command failed with, if it did, and forgets it. */
  Optional<RuntimeException> takeFailure() {
    Optional<RuntimeException> taken = failure;
    failure = Optional.empty();
    return taken;
  }

  /**
   * Writes down what was answered, if the recorder is open: in Fiji, which records the rest by
   * itself, only what a dialog does not show from the start.
   */
  static void record(MacroOptions macro, Map<String, Object> inputs) {
    if (!Recorder.record) return;
    macro
        .write(inputs, isFiji())
        .forEach((key, value) -> Recorder.recordOption(key, escaped(value)));
  }

  /** The recorder puts it between quotes as it is. */
  private static String escaped(String value) {
    return value.replace("\\", "\\\\").replace("\"", "\\\"");
  }

  /** Images that come out and have no window yet. */
  private static void show(Module done) {
    for (ModuleItem<?> item : done.getInfo().outputs()) {
      if (done.getOutput(item.getName()) instanceof ImagePlus image
          && !GraphicsEnvironment.isHeadless()
          && image.getWindow() == null) {
        image.show();
      }
    }
  }

  private static void tell(String entry, RuntimeException failure) {
    if (failure instanceof CancellationException) IJ.showStatus(failure.getMessage());
    else if (!GraphicsEnvironment.isHeadless()) IJ.showMessage(entry, failure.getMessage());
  }

  /** Parameters that a person or a macro gives, in order. */
  static List<ModuleItem<?>> parameters(Module module) {
    return StreamSupport.stream(module.getInfo().inputs().spliterator(), false)
        .<ModuleItem<?>>map(i -> offered(module, i))
        .filter(i -> MacroOptions.isReadable(i.getType()))
        .toList();
  }

  /** With what the command offers for it. */
  private static ModuleItem<?> offered(Module module, ModuleItem<?> item) {
    if (!(module.getDelegateObject() instanceof JobCommand job)) return item;
    return job.offered(item.getName()).<ModuleItem<?>>map(o -> with(o, module, item)).orElse(item);
  }

  @SuppressWarnings("unchecked")
  private static ModuleItem<?> with(JobCommand.Offer offer, Module module, ModuleItem<?> item) {
    MutableModuleItem<String> changed =
        new DefaultMutableModuleItem<>(module.getInfo(), (ModuleItem<String>) item);
    changed.setChoices(offer.choices());
    changed.setDescription(item.getDescription() + offer.lines());
    return changed;
  }

  /** Those of them that nothing has given a value. */
  static List<ModuleItem<?>> unresolved(Module module) {
    return parameters(module).stream().filter(i -> !module.isInputResolved(i.getName())).toList();
  }

  /** Default values, by name. */
  static Map<String, Object> defaults(Module module) {
    Map<String, Object> values = new LinkedHashMap<>();
    for (ModuleItem<?> item : parameters(module)) {
      Object value = module.getInput(item.getName());
      if (value != null) values.put(item.getName(), value);
    }
    return values;
  }
}
