package sc.fiji.spyhop.engine;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/** Runs a class of tests in a process of its own, whose environment libraries look at. */
public final class ContractRun {

  private ContractRun() {}

  /**
   * @param arguments an engine's class, and the class of its tests
   */
  public static void main(String[] arguments) throws ReflectiveOperationException {
    Engine engine = (Engine) Class.forName(arguments[0]).getDeclaredConstructor().newInstance();
    SummaryGeneratingListener listener = new SummaryGeneratingListener();
    LauncherDiscoveryRequest request =
        LauncherDiscoveryRequestBuilder.request().selectors(selectClass(arguments[1])).build();
    LauncherFactory.create().execute(request, listener);
    TestExecutionSummary summary = listener.getSummary();
    System.out.println("instructions: " + engine.library().instructions());
    System.out.println("succeeded: " + summary.getTestsSucceededCount());
    System.out.println("failed: " + summary.getTotalFailureCount());
    summary.printFailuresTo(new PrintWriter(System.out, true, StandardCharsets.UTF_8), 3);
    System.exit(summary.getTotalFailureCount() == 0 ? 0 : 1);
  }
}
