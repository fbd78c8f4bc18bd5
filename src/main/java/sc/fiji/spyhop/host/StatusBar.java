package sc.fiji.spyhop.host;

import ij.IJ;
import org.scijava.app.event.StatusEvent;
import org.scijava.event.EventHandler;

/** Shows what commands say of their progress in ImageJ's status bar. */
final class StatusBar {

  @EventHandler
  void onEvent(StatusEvent event) {
    String message = event.getStatusMessage();
    if (message != null) IJ.showStatus(message);
    if (event.getProgressMaximum() > 0) {
      IJ.showProgress(event.getProgressValue(), event.getProgressMaximum());
    }
  }
}
