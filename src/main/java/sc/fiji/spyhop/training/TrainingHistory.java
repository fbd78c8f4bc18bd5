package sc.fiji.spyhop.training;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;
import sc.fiji.spyhop.training.diagnosis.Symptom;
import sc.fiji.spyhop.util.Strings;

/**
 * What happened in each epoch.
 *
 * @param epochs in order
 * @param start metrics of the weights that the training began with, which take part in the choice
 *     of the best; empty where they had not learned before, or nothing is validated
 */
public record TrainingHistory(List<Epoch> epochs, Map<String, Double> start) {

  /**
   * One epoch.
   *
   * @param number from 1
   * @param step steps made since the start of the training
   * @param loss mean over the epoch's minibatches
   * @param metrics of the validation after it, in the task's order; empty if there was none
   * @param learningRate of its last step
   * @param seconds it took, validation included
   * @param best whether its weights were the best so far
   * @param symptoms what went wrong, as far as could be seen
   */
  public record Epoch(
      int number,
      long step,
      double loss,
      Map<String, Double> metrics,
      double learningRate,
      double seconds,
      boolean best,
      List<Symptom> symptoms) {

    /**
     * Copies symptoms, which checkpoints of earlier versions lack, and metrics, whose order is
     * kept.
     */
    public Epoch {
      symptoms = symptoms == null ? List.of() : List.copyOf(symptoms); // older checkpoints
      metrics = Collections.unmodifiableMap(new LinkedHashMap<>(metrics));
    }

    /** One line for the console. */
    public String line(int epochs) {
      StringBuilder line = new StringBuilder();
      line.append(Strings.format("epoch %d/%d  loss %.4f", number, epochs, loss));
      metrics.forEach((k, v) -> line.append(Strings.format("  %s %.4f", k, v)));
      line.append(Strings.format("  rate %.2e  %.1f s", learningRate, seconds));
      if (best) line.append("  *");
      return line.toString();
    }
  }

  /** Epochs for which something has to stay away before it is told of again. */
  private static final int MEMORY = 3;

  /** Of a training that has not begun, and validates nothing before it does. */
  public static final TrainingHistory EMPTY = new TrainingHistory(List.of(), Map.of());

  /** Copies the list and the metrics. */
  public TrainingHistory {
    epochs = List.copyOf(epochs);
    start =
        start == null ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(start)); // older
  }

  /**
   * The epoch with the best weights; absent if none was judged, or none was better than the start.
   */
  public Optional<Epoch> best() {
    return epochs.stream().filter(Epoch::best).reduce((a, b) -> b);
  }

  /** Whether the weights that the training began with are still the best. */
  public boolean isStartBest() {
    return !start.isEmpty() && best().isEmpty();
  }

  /** What went wrong in one of the last epochs, and so has been told of. */
  Set<Symptom> recentSymptoms() {
    Set<Symptom> recent = EnumSet.noneOf(Symptom.class);
    int first = Math.max(0, epochs.size() - MEMORY);
    epochs.subList(first, epochs.size()).forEach(e -> recent.addAll(e.symptoms()));
    return recent;
  }

  TrainingHistory plus(Epoch epoch) {
    List<Epoch> longer = new ArrayList<>(epochs);
    longer.add(epoch);
    return new TrainingHistory(longer, start);
  }

  TrainingHistory from(Map<String, Double> metrics) {
    return new TrainingHistory(epochs, metrics);
  }

  /**
   * The history as CSV with a header, one row per epoch, after one for epoch 0 if the start was
   * judged; what is missing stays empty.
   */
  public String csv() {
    Set<String> metrics = new LinkedHashSet<>(start.keySet());
    for (Epoch epoch : epochs) metrics.addAll(epoch.metrics().keySet());
    List<String> header = new ArrayList<>(List.of("epoch", "step", "loss"));
    header.addAll(metrics);
    header.addAll(List.of("learning_rate", "seconds", "best", "symptoms"));
    StringBuilder text = new StringBuilder();
    try (CSVPrinter csv =
        new CSVPrinter(text, CSVFormat.RFC4180.builder().setRecordSeparator("\n").get())) {
      csv.printRecord(header);
      if (!start.isEmpty()) {
        List<Object> row = new ArrayList<>(List.of(0, 0, ""));
        for (String metric : metrics) row.add(text(start.get(metric)));
        row.addAll(List.of("", "", true, ""));
        csv.printRecord(row);
      }
      for (Epoch epoch : epochs) {
        List<Object> row = new ArrayList<>();
        row.add(epoch.number());
        row.add(epoch.step());
        row.add(epoch.loss());
        for (String metric : metrics) row.add(text(epoch.metrics().get(metric)));
        row.add(epoch.learningRate());
        row.add(Strings.format("%.3f", epoch.seconds()));
        row.add(epoch.best());
        row.add(String.join(" ", epoch.symptoms().stream().map(Symptom::toString).toList()));
        csv.printRecord(row);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }

  private static Object text(Double value) {
    return value == null ? "" : value;
  }
}
