package sc.fiji.spyhop.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Dialogs tell what the chosen model is for. */
class ModelNoteTest {

  private static List<String> told(JobCommand command, String key, String named) {
    return command.notes().get(key).apply(Map.of(key, named));
  }

  @Test
  void aModelAndAPipelineAreDescribedInTheirWords() {
    assertEquals(
        List.of("Nuclei in fluorescence images, light on dark, of any size."),
        told(new SegmentCommand(), "model", " nuclei "));
    assertTrue(told(new RunPipelineCommand(), "pipeline", "whales").get(0).contains("whales"));
    assertTrue(told(new BatchCommand(), "model", "whales").get(0).contains("whales"));
    assertTrue(new BatchCommand().notes().containsKey("group"));
  }

  @Test
  void nothingIsSaidWhileThereIsNoSuchModel() {
    for (String named : List.of("", "nucl", "/nowhere/x.spyhop", "nowhere.spyhop")) {
      assertEquals(List.of(), told(new LocalizeCommand(), "model", named), named);
    }
  }

  @Test
  void commandsWithoutAModelSayNothing() {
    assertEquals(Map.of(), new OpenSampleCommand().notes());
  }
}
