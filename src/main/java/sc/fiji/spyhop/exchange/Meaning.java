package sc.fiji.spyhop.exchange;

/** What the values are for that a network of another program ends with. */
public enum Meaning {
  /** One for each class of an image. */
  CLASSIFY("classify"),
  /** One for each class of each pixel. */
  SEGMENT("segment"),
  /** Numbers that are measured on an image. */
  MEASURE("measure"),
  /** The pixel values of an image that is made of an image. */
  RESTORE("restore");

  private final String word;

  Meaning(String word) {
    this.word = word;
  }

  /** What users call it. */
  public String word() {
    return word;
  }
}
