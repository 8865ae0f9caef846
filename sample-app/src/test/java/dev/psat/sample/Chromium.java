package dev.psat.sample;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/**
 * A headless Chromium as Debian installs it. Nothing is ever downloaded: the driver is
 * the installed one as well.
 */
final class Chromium implements AutoCloseable {

	static final String ABSENT = "chromium and chromedriver are not on the PATH (apt-get install chromium chromium-driver)";

	private static final Log logger = LogFactory.getLog(Chromium.class);

	private static final Optional<Path> BROWSER = find("chromium");

	private static final Optional<Path> DRIVER = find("chromedriver");

	/** Warns of helpers for DevTools that nothing here uses. */
	private static final Logger DEVTOOLS_LOGGER = Logger.getLogger("org.openqa.selenium");

	private final ChromeDriver driver;

	Chromium(Path profile) {
		DEVTOOLS_LOGGER.setLevel(Level.SEVERE);
		ChromeDriverService service = new ChromeDriverService.Builder()
			.usingDriverExecutable(DRIVER.orElseThrow().toFile())
			.usingAnyFreePort()
			.build();
		this.driver = new ChromeDriver(service, options(profile));
	}

	/**
	 * Return whether there is a browser. Surefire keeps the reason for a skipped test to
	 * its reports, so this says it where people look.
	 */
	static boolean isInstalled() {
		boolean installed = BROWSER.isPresent() && DRIVER.isPresent();
		if (!installed) {
			logger.warn("Nobody looks at the page: " + ABSENT);
		}
		return installed;
	}

	private static Optional<Path> find(String name) {
		return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
			.map((directory) -> Path.of(directory, name))
			.filter(Files::isExecutable)
			.findFirst();
	}

	private static ChromeOptions options(Path profile) {
		ChromeOptions options = new ChromeOptions();
		options.setBinary(BROWSER.orElseThrow().toFile());
		// The last one resolves no other host, so that a call home goes nowhere
		options.addArguments("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
				"--disable-background-networking", "--disable-component-update", "--disable-sync",
				"--disable-dev-shm-usage", "--hide-scrollbars", "--user-data-dir=" + profile,
				"--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1");
		LoggingPreferences logging = new LoggingPreferences();
		logging.enable(LogType.BROWSER, Level.ALL);
		options.setCapability(ChromeOptions.LOGGING_PREFS, logging);
		return options;
	}

	void open(String url) {
		this.driver.get(url);
	}

	String text(String id) {
		return String.valueOf(evaluate("document.getElementById('" + id + "').innerText"));
	}

	Object evaluate(String expression) {
		return Objects.requireNonNull(this.driver.executeScript("return " + expression), expression);
	}

	List<String> drainConsole() {
		return this.driver.manage().logs().get(LogType.BROWSER).getAll().stream().map(Object::toString).toList();
	}

	void resize(int width, int height) {
		this.driver.executeCdpCommand("Emulation.setDeviceMetricsOverride",
				Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", width < 500));
	}

	void prefer(String colorScheme) {
		this.driver.executeCdpCommand("Emulation.setEmulatedMedia",
				Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", colorScheme),
						Map.of("name", "prefers-reduced-motion", "value", "reduce"))));
	}

	void loseNetwork(boolean lost) {
		this.driver.executeCdpCommand("Network.enable", Collections.emptyMap());
		this.driver.executeCdpCommand("Network.emulateNetworkConditions",
				Map.of("offline", lost, "latency", 0, "downloadThroughput", -1, "uploadThroughput", -1));
	}

	byte[] screenshot() {
		Map<String, Object> shot = this.driver.executeCdpCommand("Page.captureScreenshot",
				Map.of("format", "png", "captureBeyondViewport", true));
		return Base64.getDecoder().decode(String.valueOf(shot.get("data")));
	}

	@Override
	public void close() {
		this.driver.quit();
	}

}
