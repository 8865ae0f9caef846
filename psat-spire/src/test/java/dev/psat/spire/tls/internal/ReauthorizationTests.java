package dev.psat.spire.tls.internal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

import dev.psat.concurrent.internal.RepeatedError;
import dev.psat.concurrent.internal.TestTime;
import dev.psat.spiffe.SpiffeId;
import dev.psat.spiffe.SvidMint;
import dev.psat.spiffe.SvidMint.Minted;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spiffe.X509Svid;
import dev.psat.spire.tls.EndCause;
import dev.psat.spire.tls.PeerPolicy;
import dev.psat.support.Patience;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Reauthorization}.
 */
@Timeout(Patience.SECONDS)
class ReauthorizationTests {

	private static final SvidMint ROOT = new SvidMint("root");

	private static final SvidMint OTHER = new SvidMint("other");

	private static final Duration PATIENCE = Duration.ofMinutes(1);

	/** How often it is looked whether there are answers. */
	private static final Duration TICK = Duration.ofSeconds(1);

	private final TestTime time = new TestTime();

	private final MutableIdentity bank = MutableIdentity.of(ROOT, "spiffe://example.org/bank").telling();

	private final Registry registry = new Registry(this.bank, this.time,
			new OpenConnections.Timing(Duration.ofMillis(200), PATIENCE));

	private final Map<String, Minted> minted = new ConcurrentHashMap<>();

	private final CompletableFuture<Void> hanging = new CompletableFuture<>();

	@AfterEach
	void release() {
		this.hanging.complete(null);
		this.registry.connections().close();
		this.time.settle();
		assertThat(Registry.threads("spire-policies")).isZero();
	}

	@Test
	void connectionsOfPeersThatAreNoLongerAuthorizedEnd() throws Exception {
		Set<String> listed = ConcurrentHashMap.newKeySet();
		listed.addAll(Set.of("/orders", "/guest"));
		PeerPolicies policies = PeerPolicies.of((peer) -> listed.contains(peer.path()));
		FakeEngine innocent = open("orders", policies);
		List<FakeEngine> guilty = List.of(open("guest", policies), open("guest", policies));
		listed.remove("/guest");
		assertThat(this.registry.ended()).isZero();
		this.registry.connections().reauthorization().request();
		assertEnded(2);
		assertThat(guilty).allMatch(FakeEngine::isEnded);
		assertThat(innocent.isTouched()).isFalse();
	}

	@Test
	void policyIsAskedOncePerPeerAndNotAboutThoseWhoseHandshakeHasAskedSince() throws Exception {
		AtomicInteger asked = new AtomicInteger();
		PeerPolicies policies = PeerPolicies.of((peer) -> asked.incrementAndGet() > 0);
		PeerPolicies same = new PeerPolicies(policies.inbound(), policies.outbound());
		for (int i = 0; i < 30; i++) {
			open("orders", policies);
			open("guest", same);
		}
		this.registry.connections().reauthorization().request();
		this.time.settle();
		open("third", policies);
		this.bank.become(this.bank.snapshot());
		this.time.settle();
		assertThat(asked).hasValue(2);
		this.registry.connections().reauthorization().request();
		this.time.settle();
		assertThat(asked).hasValue(5);
		assertThat(this.registry.ended()).isZero();
	}

	@Test
	void changeOfTheListsConcernsNoOtherPolicy() throws Exception {
		AtomicInteger asked = new AtomicInteger();
		FakeEngine own = open("orders", PeerPolicies.of((peer) -> asked.getAndIncrement() < 0));
		FakeEngine listed = open("guest", emptied());
		this.registry.connections().reauthorization().requestOfLists();
		assertEnded(1);
		assertThat(listed.isEnded()).isTrue();
		assertThat(own.isTouched()).isFalse();
		assertThat(asked).hasValue(0);
		this.registry.connections().reauthorization().request();
		assertEnded(2);
		assertThat(own.isEnded()).isTrue();
		assertThat(asked).hasValue(1);
	}

	/**
	 * Return policies by lists that nobody is on any more.
	 */
	private static PeerPolicies emptied() {
		DryRunPolicy lists = new DryRunPolicy() {

			@Override
			public @Nullable String reservation(SpiffeId peer) {
				return null;
			}

			@Override
			public String refusal(SpiffeId peer) {
				return "is not listed";
			}

		};
		return new PeerPolicies(lists, lists);
	}

	@Test
	void nobodyAsksUnlessToldTo() throws Exception {
		AtomicInteger asked = new AtomicInteger();
		open("orders", PeerPolicies.of((peer) -> asked.incrementAndGet() > 0));
		for (int i = 0; i < 10; i++) {
			this.bank.become(this.bank.snapshot());
			this.registry.connections().look();
		}
		this.time.pass(PATIENCE);
		assertThat(asked).hasValue(0);
		this.registry.connections().reauthorization().request();
		this.time.settle();
		assertThat(asked).hasValue(1);
	}

	@Test
	void policyThatThrowsAuthorizesNobody() throws Exception {
		FakeEngine throwing = open("orders", failing(new IllegalStateException("on purpose")));
		FakeEngine dying = open("orders", failing(new OutOfMemoryError("on purpose")));
		FakeEngine innocent = open("orders", Registry.ANYBODY);
		this.registry.connections().reauthorization().request();
		assertEnded(2);
		assertThat(List.of(throwing, dying)).allMatch(FakeEngine::isEnded);
		assertThat(innocent.isTouched()).isFalse();
	}

	@Test
	void policyThatHangsForEverStopsNothingElse() throws Exception {
		AtomicInteger asked = new AtomicInteger();
		PeerPolicies hanging = policy((peer) -> {
			asked.incrementAndGet();
			hang(this.hanging);
			return true;
		});
		AtomicBoolean authorized = new AtomicBoolean(true);
		PeerPolicies other = policy((peer) -> authorized.get());
		List<FakeEngine> unanswered = new ArrayList<>();
		for (int i = 0; i < 5; i++) {
			unanswered.add(open("guest" + i, hanging));
		}
		FakeEngine revoked = this.registry.open(stranger(), Registry.ANYBODY);
		FakeEngine unlisted = open("orders", other);
		FakeEngine innocent = open("orders", Registry.ANYBODY);
		authorized.set(false);
		this.registry.connections().reauthorization().request();
		this.time.settle();
		assertThat(unlisted.isEnded()).isTrue();
		this.bank.trust(ROOT.bundle());
		this.time.settle();
		assertThat(revoked.isEnded()).isTrue();
		this.time.pass(PATIENCE);
		assertThat(unanswered).noneMatch(FakeEngine::isTouched);
		this.time.pass(TICK);
		assertThat(unanswered).allMatch(FakeEngine::isEnded);
		assertThat(asked).hasValue(1);
		assertThat(Registry.threads("spire-policies")).isOne();
		// it is not asked again, and authorizes nobody, as long as it hangs
		for (int i = 0; i < 3; i++) {
			FakeEngine late = open("late", hanging);
			this.registry.connections().reauthorization().request();
			this.time.settle();
			assertThat(late.isEnded()).isTrue();
		}
		assertThat(asked).hasValue(1);
		assertThat(Registry.threads("spire-policies")).isOne();
		assertThat(innocent.isTouched()).isFalse();
		// what it says at last changes nothing
		this.hanging.complete(null);
		this.time.settle();
		assertThat(Registry.threads("spire-policies")).isZero();
		FakeEngine afterwards = open("late", hanging);
		this.registry.connections().reauthorization().request();
		this.time.settle();
		assertThat(asked).hasValue(2);
		assertThat(afterwards.isTouched()).isFalse();
	}

	@Test
	void policyThatHangsAboutOnePeerHasAnsweredForThoseBefore() throws Exception {
		Set<String> hung = ConcurrentHashMap.newKeySet();
		Set<String> answered = ConcurrentHashMap.newKeySet();
		PeerPolicies hanging = policy((peer) -> {
			if (answered.size() == 2) {
				hung.add(peer.path());
				hang(this.hanging);
			}
			return answered.add(peer.path());
		});
		Map<String, FakeEngine> engines = new ConcurrentHashMap<>();
		for (int i = 0; i < 5; i++) {
			engines.put("/guest" + i, open("guest" + i, hanging));
		}
		this.registry.connections().reauthorization().request();
		this.time.pass(PATIENCE.plus(TICK));
		assertEnded(3);
		assertThat(answered).hasSize(2)
			.allSatisfy((peer) -> assertThat(engines.get(peer)).matches((engine) -> !engine.isTouched()));
		assertThat(hung).hasSize(1);
	}

	@Test
	void policyThatIsSlowButAnswersHasItsTimeForEachPeer() throws Exception {
		AtomicInteger asked = new AtomicInteger();
		PeerPolicies slow = policy((peer) -> {
			pause(PATIENCE);
			return asked.incrementAndGet() > 0;
		});
		List<FakeEngine> engines = new ArrayList<>();
		for (int i = 0; i < 10; i++) {
			engines.add(open("guest" + i, slow));
		}
		this.registry.connections().reauthorization().request();
		this.time.pass(PATIENCE.multipliedBy(10));
		assertThat(asked).hasValue(10);
		assertThat(Registry.threads("spire-policies")).isZero();
		assertThat(engines).noneMatch(FakeEngine::isTouched);
	}

	@Test
	void reauthorizationDuringAnotherAsksOnceMore() throws Exception {
		AtomicInteger asked = new AtomicInteger();
		FakeEngine guilty = new FakeEngine();
		this.registry.register(svid("guest").svid(), policy((peer) -> {
			if (asked.incrementAndGet() == 1) {
				hang(this.hanging);
				return true;
			}
			return false;
		}), guilty);
		this.registry.connections().reauthorization().request();
		this.time.settle();
		assertThat(asked).hasValue(1);
		for (int i = 0; i < 10; i++) {
			this.registry.connections().reauthorization().request();
		}
		this.hanging.complete(null);
		assertEnded(1);
		assertThat(guilty.isEnded()).isTrue();
		assertThat(asked).hasValue(2);
	}

	@Test
	void policyThatFlapsEndsWhatItHasRefusedOnce() throws Exception {
		AtomicInteger asked = new AtomicInteger();
		PeerPolicies flapping = policy((peer) -> asked.incrementAndGet() % 2 == 1);
		for (int i = 0; i < 20; i++) {
			FakeEngine engine = open("orders", flapping);
			asked.set(1);
			this.registry.connections().reauthorization().request();
			this.registry.connections().reauthorization().request();
			assertEnded(i + 1);
			assertThat(engine.isEnded()).isTrue();
		}
	}

	@Test
	void policyDecidesOnOtherTrustDomainsOnlyWhereItSaysSo() throws Exception {
		TrustDomain partner = TrustDomain.of("partner.org");
		this.bank.federate(OTHER.bundleOf(partner));
		Set<TrustDomain> decided = ConcurrentHashMap.newKeySet();
		decided.add(partner);
		PeerPolicy policy = new PeerPolicy() {

			@Override
			public @Nullable String refusal(SpiffeId peer) {
				return null;
			}

			@Override
			public Set<TrustDomain> trustDomains() {
				return decided;
			}

		};
		PeerPolicies policies = new PeerPolicies(policy, policy);
		FakeEngine foreign = this.registry.open(OTHER.mint("spiffe://partner.org/mailer").svid(), policies);
		FakeEngine own = open("orders", policies);
		decided.clear();
		this.registry.connections().reauthorization().request();
		this.time.settle();
		assertThat(foreign.isEnded()).isTrue();
		assertThat(own.isTouched()).isFalse();
	}

	/**
	 * A handshake asks, somebody changes the policy and says so, and only then is the
	 * connection registered.
	 */
	@Test
	void connectionIsAskedAboutWhoseHandshakeHasAskedBefore() throws Exception {
		for (int i = 0; i < 50; i++) {
			Set<String> listed = ConcurrentHashMap.newKeySet();
			listed.add("/orders");
			FakeEngine late = new FakeEngine();
			PeerPolicies policies = policy((peer) -> listed.contains(peer.path()));
			long asked = this.registry.connections().reauthorization().requested();
			open("orders", policies);
			listed.clear();
			this.registry.connections().reauthorization().request();
			// or the policy is asked about the next one before it is looked at again
			assertEnded(2 * i + 1);
			this.registry.register(svid("orders").svid(), policies, late, asked);
			assertEnded(2 * i + 2);
			assertThat(late.isEnded()).isTrue();
		}
	}

	/**
	 * As where there is no memory: that nobody answers lasts, however often it is tried.
	 */
	@Test
	void connectionEndsWhosePolicyCannotBeAsked() throws Exception {
		AtomicInteger asked = new AtomicInteger();
		OpenConnection unasked = this.registry.register(svid("orders").svid(),
				policy((peer) -> asked.incrementAndGet() > 0), this.registry.held());
		AtomicInteger tries = new AtomicInteger();
		Reauthorization reauthorization = new Reauthorization(() -> {
			tries.incrementAndGet();
			throw new OutOfMemoryError("on purpose");
		}, this.bank, () -> {
		}, PATIENCE, new RepeatedError(ReauthorizationTests.class, "on purpose"), this.time);
		reauthorization.request();
		for (int i = 1; i <= 61; i++) {
			reauthorization.look(unasked);
			assertThat(reauthorization.isAwaited()).isTrue();
			this.time.pass(TICK);
			assertThat(tries).hasValue(i);
		}
		assertThat(unasked.refusal()).isNull();
		reauthorization.look(unasked);
		assertThat(reauthorization.isAwaited()).isFalse();
		assertThat(unasked.refusal()).isNotNull();
		assertThat(asked).hasValue(0);
	}

	private FakeEngine open(String workload, PeerPolicies policies) throws Exception {
		return this.registry.open(svid(workload).svid(), policies);
	}

	private Minted svid(String workload) {
		return this.minted.computeIfAbsent(workload, (added) -> ROOT.mint("spiffe://example.org/" + added));
	}

	private X509Svid stranger() {
		this.bank.trust(SvidMint.bundle(ROOT, OTHER));
		return OTHER.mint("spiffe://example.org/guest").svid();
	}

	private void assertEnded(int number) {
		this.time.settle();
		assertThat(this.registry.ended(EndCause.UNAUTHORIZED)).isEqualTo(number);
	}

	private static PeerPolicies policy(Predicate<SpiffeId> authorized) {
		return PeerPolicies.of(authorized);
	}

	private static PeerPolicies failing(Throwable failure) {
		return policy((peer) -> {
			throw sneaky(failure);
		});
	}

	@SuppressWarnings("unchecked")
	private static <T extends Throwable> RuntimeException sneaky(Throwable failure) throws T {
		throw (T) failure;
	}

	private void hang(CompletableFuture<?> end) {
		try {
			this.time.hang(end);
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private void pause(Duration duration) {
		try {
			this.time.sleep(duration.toNanos());
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
