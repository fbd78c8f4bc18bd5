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
import org.scijava.plugin.Plugin;
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

  @Override
  public void process(Module module) {
    if (!(module.getDelegateObject() instanceof JobCommand job)) return;
    boolean dialog = !IJ.isMacro() && !GraphicsEnvironment.isHeadless();
    MacroOptions macro = new MacroOptions(module);
    try {
      if (dialog && !Host.unresolved(module).isEmpty()) {
        attend(job);
        ask(job.title(), module, macro);
      } else if (IJ.isMacro() && macro.isMeant(Macro.getOptions())) {
        // a script that is none of ImageJ's macros ends by what is thrown
        if (Interpreter.getInstance() != null) attend(job);
        set(module, macro.read(Macro.getOptions()));
      } else {
        set(module, macro.read(null));
      }
    } catch (SpyhopException e) {
      job.end(e);
      cancel(e.getMessage());
    }
  }

  /** In windows, SciJava shows why a command was cancelled; {@link Host} tells by itself. */
  private static void attend(JobCommand job) {
    boolean logs = Host.isFiji() && GraphicsEnvironment.isHeadless();
    job.attend(
        reason -> {
          if (logs) IJ.log("Spyhop: " + reason);
        });
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
