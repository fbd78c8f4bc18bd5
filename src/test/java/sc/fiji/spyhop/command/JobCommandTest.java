package sc.fiji.spyhop.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.ImagePlus;
import ij.process.ByteProcessor;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.scijava.plugin.Parameter;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.job.Caller;

/** How a command ends that does not come to its end. */
class JobCommandTest {

  private static JobCommand without(Runnable work) {
    return new JobCommand() {
      @Override
      void work(Caller caller) {
        work.run();
      }
    };
  }

  @Test
  void whoAttendsIsToldInOneSentence() {
    List<String> said = new ArrayList<>();
    JobCommand command =
        without(
            () -> {
              throw new OutOfMemoryError("Java heap space");
            });
    command.attend(said::add, false);
    command.run();
    assertTrue(command.isCanceled());
    assertEquals(List.of(command.getCancelReason()), said);
    assertTrue(said.get(0).startsWith("Out of memory: Java may use "), said.get(0));
  }

  @Test
  void anImageThatMemoryDoesNotSufficeForIsNamed() {
    JobCommand command =
        new JobCommand() {
          @Parameter private ImagePlus image = new ImagePlus("cells.tif", new ByteProcessor(1, 1));

          @Override
          void work(Caller caller) {
            throw new OutOfMemoryError("Java heap space");
          }
        };
    List<String> said = new ArrayList<>();
    command.attend(said::add, false);
    command.run();
    assertTrue(said.get(0).startsWith("cells.tif: Out of memory: Java may use "), said.get(0));
  }

  @Test
  void whereNobodyAttendsItIsThrown() {
    JobCommand command =
        without(
            () -> {
              throw new SpyhopException("No.");
            });
    assertEquals("No.", assertThrows(SpyhopException.class, command::run).getMessage());
  }
}
