package sc.fiji.spyhop.training.diagnosis;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

class EvidenceTextTest {

  private static Evidence epoch(int number) {
    List<Double> losses = DoubleStream.iterate(number, l -> l * 0.75).limit(40).boxed().toList();
    return new Evidence(
        number,
        losses,
        0.1 / number,
        number == 2 ? Double.NaN : 1e-3,
        List.of(new Activity("conv", 8, number)),
        List.of(
            new ValueAnswers("length", 10, 0.5, 1, 0.25),
            new ClassAnswers(
                "kind",
                List.of("a", "b"),
                new long[][] {{number, 1}, {2, 3}},
                0.5,
                Double.NaN,
                List.of(new ClassAnswers.Doubt("x.png", 0, 1)))),
        List.of(),
        number == 1 ? OptionalDouble.empty() : OptionalDouble.of(number));
  }

  private static List<Evidence> epochs(int n) {
    List<Evidence> epochs = new ArrayList<>();
    for (int i = 1; i <= n; i++) epochs.add(epoch(i));
    return epochs;
  }

  @Test
  void whatDetectorsLookAtIsThereAgain() {
    List<Evidence> before = epochs(6);
    List<Evidence> after = EvidenceText.read(EvidenceText.write(before));
    assertEquals(6, after.size());
    for (int i = 0; i < 6; i++) {
      Evidence was = before.get(i);
      Evidence is = after.get(i);
      assertEquals(was.epoch(), is.epoch());
      assertEquals(was.loss(), is.loss(), 1e-12);
      assertEquals(was.firstLoss(), is.firstLoss(), 0);
      assertEquals(was.updateRatio(), is.updateRatio());
      assertEquals(was.validationLoss(), is.validationLoss());
    }
    Evidence last = after.get(5);
    assertEquals(before.get(5).activities(), last.activities());
    assertEquals(before.get(5).training().get(0), last.training().get(0));
    ClassAnswers said = (ClassAnswers) last.training().get(1);
    assertArrayEquals(new long[][] {{6, 1}, {2, 3}}, said.confusion());
    assertEquals("x.png", said.doubts().get(0).sample());
  }

  @Test
  void detectorsJudgeAsIfNothingHadHappened() {
    List<Evidence> before = epochs(6);
    List<Evidence> after = EvidenceText.read(EvidenceText.write(before));
    for (Detector d : Detector.ALL) {
      assertEquals(d.look(before), d.look(after), d.symptom().toString());
    }
  }

  @Test
  void itStaysShort() {
    int one = EvidenceText.write(epochs(10)).length();
    int two = EvidenceText.write(epochs(20)).length();
    assertTrue(two - one < 10 * 300, "ten epochs take " + (two - one));
  }

  @Test
  void whatIsNoneIsNothing() {
    assertEquals(List.of(), EvidenceText.read(""));
    assertEquals(List.of(), EvidenceText.read("[{\"epoch\": 1}]"));
    assertEquals(List.of(), EvidenceText.read("{"));
  }
}
