package sc.fiji.spyhop.command;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A setting about open images or windows, or a key of earlier macros: no option of a shell; or
 * choices of a setting that are.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.FIELD)
@interface InImageJ {

  /** Choices that a shell does not have; empty if it does not have the setting. */
  String[] value() default {};
}
