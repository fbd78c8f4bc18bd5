package sc.fiji.spyhop.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.ImagePlus;
import java.io.File;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.scijava.Context;
import org.scijava.command.Command;
import org.scijava.command.CommandInfo;
import org.scijava.command.CommandService;
import org.scijava.module.Module;
import org.scijava.module.ModuleService;
import org.scijava.plugin.Parameter;
import sc.fiji.spyhop.SpyhopException;

class MacroOptionsTest {

  /** Every kind of parameter there is. */
  public static final class Probe implements Command {
    @Parameter(required = false)
    private ImagePlus image;

    @Parameter private String name = "none";
    @Parameter private File folder = new File("");
    @Parameter private int count = 3;
    @Parameter private long seed = 1;
    @Parameter private double share = 0.5;
    @Parameter private boolean table = true;

    @Override
    public void run() {}
  }

  private static Context context;

  @BeforeAll
  static void start() {
    context = new Context(CommandService.class);
  }

  @AfterAll
  static void stop() {
    context.dispose();
  }

  private static MacroOptions options() {
    Module module = context.service(ModuleService.class).createModule(new CommandInfo(Probe.class));
    return new MacroOptions(module);
  }

  private static Map<String, Object> read(String text) {
    return options().read(text);
  }

  @Test
  void valuesAreReadByKeyAndTheRestKeepsItsDefault() {
    Map<String, Object> values =
        read("name=[two words] folder=[/a b/c] count=7 seed=9876543210 share=1e-3 table=false");
    assertEquals("two words", values.get("name"));
    assertEquals(new File("/a b/c"), values.get("folder"));
    assertEquals(7, values.get("count"));
    assertEquals(9876543210L, values.get("seed"));
    assertEquals(1e-3, values.get("share"));
    assertEquals(false, values.get("table"));
    assertEquals("none", read("count=4").get("name"));
    assertEquals(0, ((ImagePlus) read("").get("image")).getWidth());
  }

  @Test
  void whatLooksLikeAKeyWithinAValueIsNone() {
    Map<String, Object> values =
        read("folder=[/runs/seed=7 share=0.1/a[1]] count=8 name='it is count=9' seed=2");
    assertEquals(new File("/runs/seed=7 share=0.1/a[1]"), values.get("folder"));
    assertEquals(8, values.get("count"));
    assertEquals(2L, values.get("seed"));
    assertEquals(0.5, values.get("share"));
    assertEquals("it is count=9", values.get("name"));
    assertEquals("", read("name= count=8").get("name"));
    assertEquals("", read("count=8 name=").get("name"));
  }

  @Test
  void bracketsWithinAValueNeedNotBeBalanced() {
    assertEquals("un]balanced [a", read("name=[un]balanced [a] count=2").get("name"));
    assertEquals("a] b", read("name=[a] b]").get("name"));
    assertEquals("a [1]", read("name=[a [1]] table=false").get("name"));
    assertEquals("", read("name=[] count=2").get("name"));
  }

  @Test
  void mistakesAreNamed() {
    assertTrue(refusal("cuont=7").contains("\"cuont\""));
    assertTrue(refusal("cuont=7").contains("count"));
    assertTrue(refusal("count=many").contains("count: expected a whole number"));
    assertTrue(refusal("share=half").contains("expected a number"));
    assertTrue(refusal("table=yes").contains("true or false"));
    assertTrue(refusal("table").contains("table=true"));
    assertTrue(refusal("folder=/my data/x count=2").contains("brackets"));
    assertTrue(refusal("folder=[/my data count=2").contains("folder: expected a closing ]"));
    assertTrue(refusal("image=[no such]").contains("no such"));
  }

  private static String refusal(String text) {
    return assertThrows(SpyhopException.class, () -> read(text)).getMessage();
  }

  @Test
  void whatIsWrittenIsReadAgain() {
    Map<String, Object> values = read("name=x folder=/tmp/y count=2 seed=5 share=0.25 table=false");
    values.remove("image");
    StringBuilder text = new StringBuilder();
    options()
        .write(values, false)
        .forEach((k, v) -> text.append(k).append('=').append(v).append(' '));
    Map<String, Object> again = read(text.toString());
    again.remove("image");
    assertEquals(values, again);
  }
}
