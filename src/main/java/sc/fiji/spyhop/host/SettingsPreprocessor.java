package sc.fiji.spyhop.host;

import ij.IJ;
import ij.Macro;
import ij.macro.Interpreter;
import ij.plugin.frame.Recorder;
import java.awt.GraphicsEnvironment;
import java.util.Map;
import java.util.Optional;
import org.scijava.module.Module;
import org.scijava.module.process.AbstractPreprocessorPlugin;
import org.scijava.module.process.PreprocessorPlugin;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;
import org.scijava.thread.ThreadService;
import org.scijava.widget.InputHarvester;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.command.JobCommand;

/**
 * Gives Spyhop's commands their settings, in plain ImageJ and in Fiji alike: from the options of a
 * macro, else from a dialog, else their defaults. It runs after SciJava's preprocessors, of which
 * Fiji's read macros without refusing anything, and before those that open dialogs.
 */
@Plugin(type = PreprocessorPlugin.class, priority = InputHarvester.PRIORITY + 0.75)
public final class SettingsPreprocessor extends AbstractPreprocessorPlugin {

  @Parameter(required = false)
  private ThreadService threads;

  @Override
  public void process(Module module) {
    if (!(module.getDelegateObject() instanceof JobCommand job)) return;
    job.preparedAs(module);
    boolean ofMacro = isOfMacro(job);
    boolean dialog = !ofMacro && !GraphicsEnvironment.isHeadless();
    MacroOptions macro = new MacroOptions(module);
    try {
      if (dialog && !Host.unresolved(module).isEmpty()) {
        attend(job, false);
        ask(job.title(), module, macro);
      } else if (ofMacro && macro.isMeant(Macro.getOptions())) {
        // a script that is none of ImageJ's macros ends by what is thrown
        if (Interpreter.getInstance() != null) attend(job, true);
        set(module, macro.read(Macro.getOptions()));
      } else {
        set(module, macro.read(null));
      }
    } catch (SpyhopException e) {
      job.end(e);
      cancel(e.getMessage());
    }
  }

  /**
   * Whether a macro asks for it. One may run beside what someone chooses from the menu, for which
   * ImageJ starts a thread of that name.
   */
  private boolean isOfMacro(JobCommand job) {
    Thread current = Thread.currentThread();
    Thread parent = threads == null ? null : threads.getParent(current);
    Thread asking = parent == null ? current : parent;
    return IJ.isMacro() && !asking.getName().equals(job.title());
  }

  /** In windows, SciJava shows why a command was cancelled; {@link Host} tells by itself. */
  private static void attend(JobCommand job, boolean macro) {
    boolean logs = Host.isFiji() && GraphicsEnvironment.isHeadless();
    job.attend(
        reason -> {
          if (logs) IJ.log("Spyhop: " + reason);
        },
        macro);
  }

  private void ask(String title, Module module, MacroOptions macro) {
    Optional<Map<String, Object>> answer = CommandDialog.ask(title, module);
    if (answer.isEmpty()) {
      Recorder.disableCommandRecording();
      cancel(null);
      return;
    }
    Host.record(macro, answer.get());
    set(module, answer.get());
  }

  private static void set(Module module, Map<String, Object> values) {
    values.forEach(
        (key, value) -> {
          module.setInput(key, value);
          module.resolveInput(key);
        });
  }
}
