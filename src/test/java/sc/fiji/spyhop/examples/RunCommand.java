package sc.fiji.spyhop.examples;

import ij.IJ;
import ij.ImagePlus;
import java.util.concurrent.ExecutionException;
import org.scijava.Context;
import org.scijava.command.CommandModule;
import org.scijava.command.CommandService;
import sc.fiji.spyhop.command.SegmentCommand;

/** Runs a command of the menu, with the keys of macros. */
public final class RunCommand {

  public static void main(String[] args) throws InterruptedException, ExecutionException {
    ImagePlus image = IJ.openImage(args[0]);
    try (Context context = new Context()) {
      CommandModule done =
          context
              .service(CommandService.class)
              .run(SegmentCommand.class, true, "image", image, "model", args[1])
              .get();
      IJ.saveAsTiff((ImagePlus) done.getOutput("labels"), args[2]);
    }
  }
}
