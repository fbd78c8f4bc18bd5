package sc.fiji.spyhop.job;

import java.util.Optional;
import sc.fiji.spyhop.SpyhopException;

/** Something about a setting that only the user can mend. Each view names it in its own words. */
public final class SettingException extends SpyhopException {

  private static final long serialVersionUID = 1;

  private final String key;
  private final String sentence;
  private final Optional<String> remedy;

  private SettingException(String key, String sentence, Optional<String> remedy) {
    super(key + ": " + sentence);
    this.key = key;
    this.sentence = sentence;
    this.remedy = remedy;
  }

  /**
   * A value that makes no sense.
   *
   * @param sentence what was expected and what was received, to stand after the name of the setting
   */
  public static SettingException wrong(String key, String sentence) {
    return new SettingException(key, sentence, Optional.empty());
  }

  /**
   * Something that another value of a setting allows.
   *
   * @param value that the setting would have to have
   * @param sentence what is in the way and what can be done, without its full stop
   */
  public static SettingException needs(String key, String value, String sentence) {
    return new SettingException(key, sentence, Optional.of(value));
  }

  public String key() {
    return key;
  }

  public String sentence() {
    return sentence;
  }

  /** The value that allows it; absent if the value itself makes no sense. */
  public Optional<String> remedy() {
    return remedy;
  }
}
