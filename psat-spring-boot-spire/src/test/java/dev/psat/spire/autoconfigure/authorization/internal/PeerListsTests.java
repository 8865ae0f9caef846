package dev.psat.spire.autoconfigure.authorization.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;

import dev.psat.autoconfigure.PsatAutoConfiguration;
import dev.psat.spiffe.SpiffeId;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spire.SpireIdentity;
import dev.psat.spire.TestIdentity;
import dev.psat.spire.autoconfigure.SpireAutoConfiguration;
import dev.psat.spire.autoconfigure.internal.SpireWiring;
import dev.psat.spire.ssl.SpiffeSslBundle;
import dev.psat.support.ConfigMapVolume;
import dev.psat.support.HangingLog;
import dev.psat.support.RunningThreads;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link PeerLists}.
 */
@ExtendWith(OutputCaptureExtension.class)
class PeerListsTests {

	private static final SpiffeId ORDERS = SpiffeId.parse("spiffe://example.org/orders");

	private static final SpiffeId BANK = SpiffeId.parse("spiffe://example.org/bank");

	private static final SpiffeId PARTNER = SpiffeId.parse("spiffe://partner.org/bank");

	private static final String WARNING = "WARN";

	@TempDir
	private Path directory;

	private ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(SslAutoConfiguration.class, PsatAutoConfiguration.class,
				SpireAutoConfiguration.class))
		.withBean(SpireIdentity.class, TestIdentity::new)
		.withPropertyValues("spire.psat.cluster=demo", "spire.psat.token-path=/no/such/token",
				"spire.server.trust-domain=example.org", "spire.federates-with=partner.org");

	private ConfigMapVolume clients;

	@BeforeEach
	void mount() throws IOException {
		this.clients = new ConfigMapVolume(this.directory.resolve("clients"));
		this.contextRunner = this.contextRunner
			.withPropertyValues("spire.bundle.authorized-clients-file=" + this.clients.path("list"));
	}

	@Test
	void listInForceIsThatOfPropertyAndFile() throws IOException {
		this.clients.write("list", BANK + "\n" + PARTNER);
		this.contextRunner.withPropertyValues("spire.bundle.authorized-clients=" + ORDERS).run((context) -> {
			PeerLists lists = context.getBean(SpireWiring.class).peers();
			assertThat(refusal(lists, ORDERS)).isNull();
			assertThat(refusal(lists, BANK)).isNull();
			assertThat(refusal(lists, PARTNER)).isNull();
			assertThat(refusal(lists, SpiffeId.parse("spiffe://example.org/mailer"))).isEqualTo(
					"is not listed in 'spire.bundle.authorized-clients' or the file of 'spire.bundle.authorized-clients-file'");
			assertThat(lists.outbound().refusal(BANK))
				.isEqualTo("is not listed in 'spire.bundle.authorized-servers', which is empty");
			assertThat(lists.inbound().trustDomains()).containsExactly(TrustDomain.of("partner.org"));
			assertThat(lists.serversFile()).isNull();
			this.clients.write("list", BANK.toString());
			await().until(() -> refusal(lists, PARTNER) != null);
			assertThat(refusal(lists, ORDERS)).isNull();
			this.clients.write("list", ORDERS.toString());
			await().until(() -> refusal(lists, BANK) != null);
			assertThat(refusal(lists, ORDERS)).isNull();
		});
	}

	@Test
	void listsOfBothDirectionsFollowTheirFiles() throws IOException {
		this.clients.write("list", ORDERS.toString());
		Path servers = rested("servers", BANK.toString());
		this.contextRunner.withPropertyValues("spire.bundle.authorized-servers-file=" + servers.toUri())
			.run((context) -> {
				PeerLists lists = context.getBean(SpireWiring.class).peers();
				assertThat(refusal(lists, BANK)).isNotNull();
				assertThat(lists.outbound().refusal(BANK)).isNull();
				assertThat(lists.outbound().refusal(ORDERS))
					.isEqualTo("is not listed in the file of 'spire.bundle.authorized-servers-file'");
				rested("servers", ORDERS.toString());
				await().until(() -> lists.outbound().refusal(ORDERS) == null);
				assertThat(lists.outbound().refusal(BANK)).isNotNull();
				assertThat(Objects.requireNonNull(lists.serversFile()).path()).isEqualTo(servers);
				await().until(() -> RunningThreads.named("spire-lists").size() == 1);
			});
	}

	@Test
	void partnerThatNobodyFederatesWithMakesTheFileInvalid(CapturedOutput output) throws IOException {
		this.clients.write("list", ORDERS.toString());
		this.contextRunner.run((context) -> {
			PeerLists lists = context.getBean(SpireWiring.class).peers();
			this.clients.write("list", BANK + "\nspiffe://third.org/bank");
			await().until(() -> status(lists).state() == PeerLists.FileStatus.State.INVALID);
			assertThat(refusal(lists, ORDERS)).isNull();
			assertThat(refusal(lists, BANK)).isNotNull();
			// which is told after the state is shown
			await().untilAsserted(() -> assertThat(logged(output))
				.containsOnlyOnce("line 2: spiffe://third.org/bank does not belong to the trust domain "
						+ "'example.org', and 'spire.federates-with' does not list 'third.org'. "
						+ "What it listed last stays in force (entries: 1)"));
		});
	}

	@Test
	void fileThatIsMissingAtTheStartAuthorizesNobodyUntilItIsThere(CapturedOutput output) {
		this.contextRunner.run((context) -> {
			PeerLists lists = context.getBean(SpireWiring.class).peers();
			assertThat(refusal(lists, ORDERS)).isEqualTo(
					"is not listed in the file of 'spire.bundle.authorized-clients-file', which has not been read yet");
			assertThat(status(lists).state()).isEqualTo(PeerLists.FileStatus.State.MISSING);
			this.clients.write("list", ORDERS.toString());
			await().until(() -> refusal(lists, ORDERS) == null);
		});
		assertThat(logged(output))
			.containsOnlyOnce("'spire.bundle.authorized-clients-file' authorizes nobody until it can be read")
			.containsOnlyOnce("'spire.bundle.authorized-clients-file' can be read now (entries: 1)");
	}

	@Test
	void emptyFileAuthorizesNobodyAndIsNoProblem(CapturedOutput output) throws IOException {
		this.clients.write("list", "# nobody\n");
		this.contextRunner.run((context) -> assertThat(refusal(context.getBean(SpireWiring.class).peers(), ORDERS))
			.isEqualTo("is not listed in the file of 'spire.bundle.authorized-clients-file', which is empty"));
		assertThat(logged(output)).doesNotContain("authorized-clients-file");
	}

	@Test
	void whoIsToldOfAChangeFindsItInForce() throws IOException {
		this.clients.write("list", ORDERS.toString());
		this.contextRunner.run((context) -> {
			PeerLists lists = context.getBean(SpireWiring.class).peers();
			AtomicInteger told = new AtomicInteger();
			AtomicInteger early = new AtomicInteger();
			lists.onChange(() -> {
				if (refusal(lists, BANK) != null) {
					early.incrementAndGet();
				}
				told.incrementAndGet();
			});
			this.clients.write("list", ORDERS + "\n" + BANK);
			await().until(() -> told.get() == 1);
			this.clients.write("list", "# the same\n" + BANK + "\n" + ORDERS);
			this.clients.write("list", "invalid");
			await().until(() -> status(lists).state() == PeerLists.FileStatus.State.INVALID);
			assertThat(told).hasValue(1);
			assertThat(early).hasValue(0);
		});
	}

	@Test
	void changeIsToldAgainIfThatFailed(CapturedOutput output) throws IOException {
		this.clients.write("list", ORDERS.toString());
		this.contextRunner.run((context) -> {
			PeerLists lists = context.getBean(SpireWiring.class).peers();
			AtomicInteger told = new AtomicInteger();
			lists.onChange(() -> {
				if (told.incrementAndGet() == 1) {
					throw new StackOverflowError();
				}
			});
			this.clients.write("list", BANK.toString());
			await().until(() -> told.get() == 2);
			this.clients.write("list", ORDERS.toString());
			await().until(() -> told.get() == 3);
		});
		assertThat(logged(output)).containsOnlyOnce("The files that list who may connect could not be looked at");
	}

	@Test
	void logThatHangsKeepsNobodyOnTheListNorFromBeingTold() throws IOException {
		this.clients.write("list", ORDERS.toString());
		this.contextRunner.run((context) -> {
			PeerLists lists = context.getBean(SpireWiring.class).peers();
			AtomicInteger told = new AtomicInteger();
			lists.onChange(told::incrementAndGet);
			try (HangingLog log = new HangingLog(SpiffeSslBundle.class.getName(), "has changed (entries")) {
				this.clients.write("list", BANK.toString());
				log.awaitHanging();
				await().until(() -> told.get() == 1);
				this.clients.write("list", PARTNER.toString());
				await().until(() -> refusal(lists, BANK) != null);
				await().until(() -> told.get() == 2);
			}
		});
	}

	@Test
	void nothingOfAContextIsLeftAndEachHasItsOwn() throws IOException {
		this.clients.write("list", ORDERS.toString());
		this.contextRunner.run((one) -> {
			this.contextRunner.run((two) -> {
				await().until(() -> RunningThreads.named("spire-lists").size() == 2);
				this.clients.write("list", BANK.toString());
				for (ApplicationContext context : List.of(one, two)) {
					await().until(() -> refusal(context.getBean(SpireWiring.class).peers(), BANK) == null);
				}
			});
			await().until(() -> RunningThreads.named("spire-lists").size() == 1);
			this.contextRunner.withParent(one)
				.run((child) -> assertThat(child.getBean(SpireWiring.class).peers())
					.isSameAs(one.getBean(SpireWiring.class).peers()));
			this.clients.write("list", ORDERS.toString());
			await().until(() -> refusal(one.getBean(SpireWiring.class).peers(), ORDERS) == null);
		});
		await().until(() -> RunningThreads.beginningWith("spire-list").isEmpty());
	}

	@Test
	void contextThatIsStoppedWatchesNothingAndLooksAgainOnceItIsStarted() throws IOException {
		this.clients.write("list", ORDERS.toString());
		this.contextRunner.run((context) -> {
			PeerLists lists = context.getBean(SpireWiring.class).peers();
			context.stop();
			await().until(() -> RunningThreads.named("spire-lists").isEmpty());
			this.clients.write("list", BANK.toString());
			assertThat(refusal(lists, ORDERS)).isNull();
			context.start();
			await().until(() -> refusal(lists, BANK) == null);
		});
	}

	@Test
	void listIsThereBeforeAnyBeanAlsoWhenLazy() throws IOException {
		this.clients.write("list", ORDERS.toString());
		this.contextRunner.withPropertyValues("spring.main.lazy-initialization=true").run((context) -> {
			await().until(() -> RunningThreads.named("spire-lists").size() == 1);
			assertThat(refusal(context.getBean(SpireWiring.class).peers(), ORDERS)).isNull();
		});
	}

	@Test
	void contextThatFailsToStartLeavesNothing() throws IOException {
		this.clients.write("list", ORDERS.toString());
		this.contextRunner.withPropertyValues("spire.bundle.name= ").run((context) -> assertThat(context).hasFailed());
		await().until(() -> RunningThreads.beginningWith("spire-list").isEmpty());
	}

	@Test
	void disabledIdentityReadsNoFile(CapturedOutput output) {
		this.contextRunner.withPropertyValues("spire.psat.enabled=false").run((context) -> {
			PeerLists lists = context.getBean(SpireWiring.class).peers();
			assertThat(refusal(lists, ORDERS)).isEqualTo("is not authorized, since the SPIRE identity is disabled");
			assertThat(lists.clientsFile()).isNull();
			await().until(() -> RunningThreads.named("spire-lists").isEmpty());
		});
		assertThat(logged(output)).doesNotContain("authorized-clients-file");
	}

	@Test
	void secretInThePlaceOfAListIsNotShown(CapturedOutput output) throws IOException {
		this.clients.write("list", "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ4In0.c2VjcmV0");
		this.contextRunner
			.run((context) -> assertThat(status(context.getBean(SpireWiring.class).peers()).error()).contains("line 1")
				.doesNotContain("eyJ"));
		assertThat(logged(output)).contains("authorizes nobody until it can be read").doesNotContain("eyJ");
	}

	@Test
	void nothingIsSeenOfHalfASwap() throws IOException {
		this.clients.write("list", ORDERS.toString());
		this.contextRunner.run((context) -> {
			PeerLists lists = context.getBean(SpireWiring.class).peers();
			AtomicInteger told = new AtomicInteger();
			lists.onChange(told::incrementAndGet);
			for (int i = 0; i < 50; i++) {
				this.clients.write("list", ORDERS + "\n" + ((i % 2 == 0) ? BANK : PARTNER));
				assertThat(refusal(lists, ORDERS)).isNull();
				assertThat(status(lists).state()).isEqualTo(PeerLists.FileStatus.State.OK);
			}
			await().until(() -> refusal(lists, PARTNER) == null);
			assertThat(told.get()).isPositive();
			assertThat(refusal(lists, BANK)).isNotNull();
		});
	}

	@Test
	void onlyOneWarningTellsOfAMissingFile(CapturedOutput output) {
		this.contextRunner.run((context) -> assertThat(status(context.getBean(SpireWiring.class).peers()).error())
			.isEqualTo("There is no file " + this.clients.path("list")));
		assertThat(logged(output).toString().lines().filter((line) -> line.contains("authorized-clients-file")))
			.singleElement()
			.asString()
			.contains(WARNING);
	}

	private static @Nullable String refusal(PeerLists lists, SpiffeId peer) {
		return lists.inbound().refusal(peer);
	}

	private static PeerLists.FileStatus status(PeerLists lists) {
		return Objects.requireNonNull(lists.clientsFile());
	}

	private Path rested(String name, String content) throws IOException {
		Path path = Files.writeString(this.directory.resolve(name), content);
		Files.setLastModifiedTime(path, FileTime.from(Instant.now().minusSeconds(60)));
		return path;
	}

	/**
	 * Return what was logged, in its time.
	 */
	private static CapturedOutput logged(CapturedOutput output) {
		await().until(() -> RunningThreads.named("spire-lists-log").isEmpty());
		return output;
	}

}
