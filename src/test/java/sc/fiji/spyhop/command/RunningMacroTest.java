package sc.fiji.spyhop.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;

import ij.macro.Interpreter;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import sc.fiji.spyhop.util.Strings;

/** A macro that ends by a command's failure. Public, as macros call it. */
public class RunningMacroTest {

  private static final List<String> STEPS = new CopyOnWriteArrayList<>();

  /** A command that fails, whose message is read for longer than ImageJ would wait. */
  public static void fail() throws InterruptedException {
    RunningMacro.end("why");
    Thread.sleep(2500);
    STEPS.add("read");
  }

  public static void goOn() {
    STEPS.add("went on");
  }

  /** ImageJ stops threads of this name, and shows what that throws in a window. */
  @Test
  void itsThreadIsLeftToEndByItself() throws InterruptedException {
    String macro = Strings.format("call('%1$s.fail'); call('%1$s.goOn');", getClass().getName());
    AtomicReference<Throwable> thrown = new AtomicReference<>();
    Thread thread =
        new Thread(
            () -> {
              try {
                new Interpreter().run(macro);
              } catch (Throwable e) {
                thrown.set(e);
              }
            },
            "Test_Macro$");
    thread.start();
    thread.join(60_000);
    assertFalse(thread.isAlive());
    assertNull(thrown.get());
    assertEquals(List.of("read"), STEPS);
    assertNull(Interpreter.getInstance());
  }
}
