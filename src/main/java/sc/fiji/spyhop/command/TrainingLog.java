package sc.fiji.spyhop.command;

import ij.IJ;
import sc.fiji.spyhop.training.TrainingHistory.Epoch;
import sc.fiji.spyhop.training.TrainingListener;

/** A training as lines of ImageJ's log. */
final class TrainingLog implements TrainingListener {

  @Override
  public void message(String text) {
    IJ.log("Spyhop: " + text);
  }

  @Override
  public void epoch(Epoch epoch, int epochs) {
    IJ.log("Spyhop: " + epoch.line(epochs));
  }
}
