package sc.fiji.spyhop.job;

import java.util.List;
import sc.fiji.spyhop.SpyhopException;

/** Something about settings that only the user can mend. Each view names them in its own words. */
public final class SettingException extends SpyhopException {

  private static final long serialVersionUID = 1;

  /** A setting and the value that it would have to have. */
  public record Remedy(String key, String value) {}

  private final String key;
  private final String sentence;
  private final transient List<Remedy> remedies;

  private SettingException(String key, String sentence, List<Remedy> remedies) {
    super(key.isEmpty() ? sentence + "." : key + ": " + sentence);
    this.key = key;
    this.sentence = sentence;
    this.remedies = remedies;
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

  public String sentence() {
    return sentence;
  }

  /** What would help; empty if a value makes no sense. */
  public List<Remedy> remedies() {
    return remedies;
  }
}
