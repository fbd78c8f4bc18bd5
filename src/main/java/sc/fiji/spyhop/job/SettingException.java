package sc.fiji.spyhop.job;

import java.util.List;
import sc.fiji.spyhop.SpyhopException;

/** Something about settings that only the user can mend. Each view names them in its own words. */
public final class SettingException extends SpyhopException {

  private static final long serialVersionUID = 1;

  /** A setting and the value that it would have to have. */
  public record Remedy(String key, String value) {}

  /** The setting that is wrong, or empty. */
  private final String key;

  /** To stand after the name of the setting. */
  private final String sentence;

  private final transient List<Remedy> remedies;

  /** A value that the setting might have, or empty. */
  private final String example;

  private SettingException(String key, String sentence, List<Remedy> remedies) {
    this(key, sentence, remedies, "");
  }

  private SettingException(String key, String sentence, List<Remedy> remedies, String example) {
    super(key.isEmpty() ? sentence + "." : key + ": " + sentence);
    this.key = key;
    this.sentence = sentence;
    this.remedies = remedies;
    this.example = example;
  }

  /**
   * A value that makes no sense.
   *
   * @param sentence what was expected and what was received, to stand after the name of the setting
   */
  public static SettingException wrong(String key, String sentence) {
    return new SettingException(key, sentence, List.of());
  }

  /**
   * No value where there has to be one.
   *
   * @param expected such as {@code a path}
   * @param example of a value
   */
  public static SettingException missing(String key, String expected, String example) {
    String sentence = "expected " + expected + ", received nothing.";
    return new SettingException(key, sentence, List.of(), example);
  }

  /**
   * Something that another value of a setting allows.
   *
   * @param sentence what is in the way and what can be done, without its full stop
   */
  public static SettingException needs(String sentence, Remedy... remedies) {
    return new SettingException("", sentence, List.of(remedies));
  }

  /** The setting that is wrong; empty if another value of one would help. */
  public String key() {
    return key;
  }

  /**
   * What was expected and what was received, to stand after the name of the setting; without its
   * full stop where there are {@link #remedies}.
   */
  public String sentence() {
    return sentence;
  }

  /** A value that it might have; empty if that would not help. */
  public String example() {
    return example;
  }

  /** What would help; empty if a value makes no sense. */
  public List<Remedy> remedies() {
    return remedies;
  }
}
