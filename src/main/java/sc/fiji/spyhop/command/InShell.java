package sc.fiji.spyhop.command;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * What a setting is called in a shell, besides {@code --} and its key. Names that people have in
 * their scripts stay.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.FIELD)
@interface InShell {

  /** Further names of the option, the first of which messages and help show first. */
  String[] names() default {};

  /** Options without a value that set one, such as {@code --grey=grey}. */
  String[] flags() default {};

  /** What stands for the value in help, such as {@code DIR}; empty: follows from the type. */
  String value() default "";

  /** What the help says of an option that switches the setting off. */
  String off() default "";

  /** Whether the values are the arguments of the command line rather than an option. */
  boolean arguments() default false;
}
