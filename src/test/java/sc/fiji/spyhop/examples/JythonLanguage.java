package sc.fiji.spyhop.examples;

import org.scijava.plugin.Plugin;
import org.scijava.script.AdaptedScriptLanguage;
import org.scijava.script.ScriptLanguage;

/** Jython for SciJava's scripts, as Fiji has it. */
@Plugin(type = ScriptLanguage.class, name = "Python (Jython)")
public final class JythonLanguage extends AdaptedScriptLanguage {
  public JythonLanguage() {
    super("jython");
  }
}
