package sc.fiji.spyhop.host.headless;

import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.function.Consumer;
import javassist.CannotCompileException;
import javassist.CtBehavior;
import javassist.CtClass;
import javassist.CtNewMethod;
import javassist.NotFoundException;
import javassist.expr.ExprEditor;
import javassist.expr.Handler;
import javassist.expr.MethodCall;
import javassist.expr.NewExpr;
import net.imagej.patcher.LegacyEnvironment;

/**
 * Changes to classes that are not loaded yet, in the notation of Javassist: {@code $1} is the first
 * argument, {@code $$} stands for all, {@code $_} is the result.
 */
final class ClassEdits {

  private final Object hacker;
  private final Method find;

  private ClassEdits(Object hacker) {
    this.hacker = hacker;
    try {
      find = hacker.getClass().getDeclaredMethod("getClass", String.class);
      find.setAccessible(true);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Adds to what ij1-patcher changes, which has its own way to do so but does not make it public.
   */
  @SuppressWarnings("unchecked")
  static void apply(LegacyEnvironment environment, Consumer<ClassEdits> edits)
      throws ReflectiveOperationException {
    Object injector = read(environment, "injector");
    Class<?> callback = Class.forName("net.imagej.patcher.LegacyInjector$Callback");
    ((List<Object>) read(injector, "after"))
        .add(
            Proxy.newProxyInstance(
                callback.getClassLoader(),
                new Class<?>[] {callback},
                (proxy, method, arguments) -> {
                  edits.accept(new ClassEdits(arguments[0]));
                  return null;
                }));
  }

  private static Object read(Object owner, String name) throws ReflectiveOperationException {
    Field field = owner.getClass().getDeclaredField(name);
    field.setAccessible(true);
    return field.get(owner);
  }

  /** Code at the beginning of methods of this name, of those with as many parameters. */
  void begin(String type, String method, int parameters, String code) {
    each(
        type,
        method,
        b -> {
          if (b.getParameterTypes().length == parameters) b.insertBefore(code);
        });
  }

  /** Code at the end of methods of this name. */
  void end(String type, String method, String code) {
    each(type, method, b -> b.insertAfter(code));
  }

  /** A further method. */
  void add(String type, String code) {
    try {
      CtClass edited = type(type);
      edited.addMethod(CtNewMethod.make(code, edited));
    } catch (CannotCompileException e) {
      throw new IllegalStateException(type + " is not as expected", e);
    }
  }

  /** Other code where a method calls another. */
  void call(String type, String method, String called, String code) {
    edit(
        type,
        method,
        new ExprEditor() {
          @Override
          public void edit(MethodCall call) throws CannotCompileException {
            if (call.getMethodName().equals(called)) call.replace(code);
          }
        });
  }

  /** Other code wherever a class makes an object. */
  void create(String type, String created, String code) {
    ExprEditor editor =
        new ExprEditor() {
          @Override
          public void edit(NewExpr made) throws CannotCompileException {
            if (made.getClassName().equals(created)) made.replace(code);
          }
        };
    try {
      type(type).instrument(editor);
    } catch (CannotCompileException e) {
      throw new IllegalStateException(type + " is not as expected", e);
    }
  }

  /** Code, of which {@code $1} is what was thrown, where a method catches all. */
  void caught(String type, String method, String code) {
    edit(
        type,
        method,
        new ExprEditor() {
          @Override
          public void edit(Handler handler) throws CannotCompileException {
            try {
              CtClass caught = handler.getType();
              if (caught != null && caught.getName().equals("java.lang.Throwable")) {
                handler.insertBefore(code);
              }
            } catch (NotFoundException e) {
              throw new CannotCompileException(e);
            }
          }
        });
  }

  private void edit(String type, String method, ExprEditor editor) {
    each(type, method, b -> b.instrument(editor));
  }

  private interface Edit {
    void on(CtBehavior method) throws CannotCompileException, NotFoundException;
  }

  private void each(String type, String method, Edit edit) {
    try {
      for (CtBehavior b : type(type).getDeclaredMethods(method)) edit.on(b);
    } catch (CannotCompileException | NotFoundException e) {
      throw new IllegalStateException(type + "." + method + " is not as expected", e);
    }
  }

  private CtClass type(String name) {
    try {
      return (CtClass) find.invoke(hacker, name);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("There is no class " + name, e);
    }
  }
}
