package dev.psat.benchmarks.web;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * Knows nothing of tokens: the starter is on its class path, or is not.
 */
@SpringBootApplication(proxyBeanMethods = false)
public class WebApplication {

	/** Begins the lines that are no log. */
	private static final String ANSWER = "web: ";

	/**
	 * Start the application, and tell how that goes.
	 * @param args its properties
	 */
	public static void main(String[] args) {
		answer("main");
		SpringApplication application = new SpringApplication(WebApplication.class);
		StartupSteps steps = Boolean.getBoolean("steps") ? new StartupSteps(application) : null;
		ConfigurableApplicationContext context = application.run(args);
		// the application's ready event is what run has ended with
		answer("ready");
		if (Boolean.getBoolean("halt")) {
			// what the process has taken is what it took until now
			Runtime.getRuntime().halt(0);
		}
		if (steps != null) {
			steps.of(context).forEach(WebApplication::answer);
		}
		answer("end");
	}

	private static void answer(String line) {
		System.out.println(ANSWER + line);
	}

}
