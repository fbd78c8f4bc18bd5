package sc.fiji.spyhop.command;

import ij.IJ;
import ij.plugin.BrowserLauncher;
import java.awt.GraphicsEnvironment;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import org.scijava.command.Command;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;
import sc.fiji.spyhop.job.Caller;
import sc.fiji.spyhop.job.SettingException;
import sc.fiji.spyhop.job.page.ResultPage;

/**
 * Makes a page of pictures of what a batch has found. In a macro:
 *
 * <pre>run("Spyhop Page", "results=/data/results show=false");</pre>
 */
@Plugin(
    type = Command.class,
    menuPath = "Plugins>Spyhop>Spyhop Page",
    headless = true,
    description = "Makes a page of pictures of the results of a batch, to look at in a browser.")
public final class PageCommand extends JobCommand {

  @Parameter(
      label = "Folder of results",
      style = "directory",
      persist = false,
      description = "Folder into which a batch has written its results.")
  @InShell(arguments = true, value = "DIR")
  private File results = new File("");

  @Parameter(
      label = "Show in browser",
      persist = false,
      description = "Opens the page in the browser; without a display, nothing.")
  @InImageJ
  private boolean show = true;

  @Override
  void check() {
    if (!results.getPath().isBlank()) return;
    throw SettingException.wrong("results", "expected a folder, received nothing.");
  }

  @Override
  void work(Caller caller) {
    Path page = make(results.toPath(), caller);
    if (!show || GraphicsEnvironment.isHeadless() || IJ.getInstance() == null) return;
    try {
      BrowserLauncher.openURL(page.toUri().toString());
    } catch (IOException e) {
      caller.note("No browser can be opened; open the page by hand.");
    }
  }

  /** Makes the page of a folder of results, and says where it is. */
  static Path make(Path results, Caller caller) {
    try (Caller.Shown progress = caller.progress("Making the page")) {
      Path page = ResultPage.write(results, caller::note, progress);
      caller.result("Page of pictures: " + page);
      return page;
    }
  }
}
