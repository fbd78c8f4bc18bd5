package sc.fiji.spyhop.image.stain;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/** The colours of stained tissue in an image, as far as a method knows them. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(value = Reinhard.class, name = "reinhard"),
  @JsonSubTypes.Type(value = Macenko.class, name = "macenko"),
})
public sealed interface StainLook permits Reinhard, Macenko {

  /** The method by which it was measured; looks of different methods cannot be compared. */
  StainMethod method();

  /**
   * From the colours of an image that looks like this to those of a reference.
   *
   * @throws IllegalArgumentException if the reference was measured by another method
   */
  ColorMap to(StainLook reference);

  /** In words, for people. */
  String text();
}
