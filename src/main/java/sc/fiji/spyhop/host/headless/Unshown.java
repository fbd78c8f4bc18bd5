package sc.fiji.spyhop.host.headless;

import java.lang.reflect.Constructor;
import java.lang.reflect.Field;

/**
 * Makes windows where Java refuses to, for want of a display. Their constructors are not called, so
 * all fields are empty; they hold what ImageJ keeps in windows and are never shown.
 */
final class Unshown {

  /** Of the module {@code jdk.unsupported}, of which the compiler warns where it is named. */
  private static final String FACTORY = "sun.reflect.ReflectionFactory";

  private Unshown() {}

  static <T> T create(Class<T> type) {
    try {
      Class<?> factory = Class.forName(FACTORY);
      Object constructor =
          factory
              .getMethod("newConstructorForSerialization", Class.class, Constructor.class)
              .invoke(
                  factory.getMethod("getReflectionFactory").invoke(null),
                  type,
                  Object.class.getDeclaredConstructor());
      return type.cast(((Constructor<?>) constructor).newInstance());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(type + " cannot be made without a display", e);
    }
  }

  /**
   * Sets a field that is not public.
   *
   * @param owner the class that declares it
   */
  static void set(Class<?> owner, Object of, String name, Object value) {
    try {
      Field field = owner.getDeclaredField(name);
      field.setAccessible(true);
      field.set(of, value);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(owner + " has no field " + name, e);
    }
  }
}
