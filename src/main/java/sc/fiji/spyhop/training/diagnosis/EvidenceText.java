package sc.fiji.spyhop.training.diagnosis;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/**
 * Evidence as text, so that detectors know after an interruption what they knew before. Of older
 * epochs only what detectors still look at is kept.
 */
public final class EvidenceText {

  /** Epochs whose answers and activities are looked at. */
  private static final int RECENT = 3;

  /** Entries of tables of answers, at most; of more classes nothing is kept. */
  private static final long MAX_CONFUSION = 1 << 14;

  private static final ObjectMapper JSON =
      JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

  private EvidenceText() {}

  /** An epoch as it is written. */
  private record Line(
      int epoch,
      List<Double> losses,
      double learningRate,
      double updateRatio,
      List<Activity> activities,
      Said training,
      Said validation,
      Double validationLoss) {}

  /** Answers by their kind, with their order. */
  private record Said(List<ClassAnswers> classes, List<ValueAnswers> values, List<Boolean> kinds) {

    static Said of(List<Answers> answers) {
      List<ClassAnswers> classes = new ArrayList<>();
      List<ValueAnswers> values = new ArrayList<>();
      List<Boolean> kinds = new ArrayList<>();
      for (Answers a : answers) {
        if (a instanceof ClassAnswers c) classes.add(c);
        if (a instanceof ValueAnswers v) values.add(v);
        kinds.add(a instanceof ClassAnswers);
      }
      return new Said(classes, values, kinds);
    }

    List<Answers> answers() {
      List<Answers> all = new ArrayList<>();
      int c = 0;
      int v = 0;
      for (boolean isClasses : kinds) all.add(isClasses ? classes.get(c++) : values.get(v++));
      return all;
    }
  }

  /**
   * As JSON; answers and activities are kept of the last three epochs alone.
   *
   * @param epochs in order
   */
  public static String write(List<Evidence> epochs) {
    List<Line> lines = new ArrayList<>();
    for (int i = 0; i < epochs.size(); i++) {
      lines.add(line(epochs.get(i), i >= epochs.size() - RECENT));
    }
    try {
      return JSON.writeValueAsString(lines);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Line line(Evidence e, boolean recent) {
    boolean whole = recent && isSmall(e.training()) && isSmall(e.validation());
    return new Line(
        e.epoch(),
        few(e),
        e.learningRate(),
        e.updateRatio(),
        recent ? e.activities() : List.of(),
        Said.of(whole ? e.training() : List.of()),
        Said.of(whole ? e.validation() : List.of()),
        e.validationLoss().isPresent() ? e.validationLoss().getAsDouble() : null);
  }

  private static boolean isSmall(List<Answers> answers) {
    return answers.stream()
            .mapToLong(a -> a instanceof ClassAnswers c ? (long) c.classes().size() : 0)
            .map(n -> n * n)
            .sum()
        <= MAX_CONFUSION;
  }

  /** Four losses that began as these did, and have their mean. */
  private static List<Double> few(Evidence e) {
    if (e.losses().size() <= 4) return e.losses();
    double first = e.firstLoss();
    double others = (4 * e.loss() - first) / 3;
    return List.of(first, others, others, others);
  }

  /**
   * What {@link #write} made a text of.
   *
   * @return nothing if it is none
   */
  public static List<Evidence> read(String text) {
    try {
      List<Evidence> epochs = new ArrayList<>();
      for (Line l : JSON.readValue(text, Line[].class)) {
        epochs.add(
            new Evidence(
                l.epoch,
                l.losses,
                l.learningRate,
                l.updateRatio,
                l.activities,
                l.training.answers(),
                l.validation.answers(),
                l.validationLoss == null
                    ? OptionalDouble.empty()
                    : OptionalDouble.of(l.validationLoss)));
      }
      return epochs;
    } catch (JsonProcessingException | RuntimeException e) {
      return List.of();
    }
  }
}
