package dev.psat.tlstests.tomcat.storm;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import dev.psat.spiffe.SpiffeId;
import dev.psat.support.soak.Violations;
import dev.psat.tlstests.Credential;

/**
 * Everybody who calls: each member every other one, on a connection that is kept and on
 * new ones; and strangers, who call members or are called by them.
 */
final class Traffic implements AutoCloseable {

	/** A JWT-SVID takes 30 seconds at most, and each impostor as long as a call. */
	static final Duration LONGEST_CALL = Duration.ofMinutes(7);

	/** As long as a policy hangs, and then a client waits. */
	private static final Duration CALL = Duration.ofSeconds(100);

	private static final Duration OFTEN = Duration.ofMillis(50);

	private static final Duration SELDOM = Duration.ofMillis(250);

	private static final String STRANGER = "/ns/shop/sa/mailer";

	private final World world;

	private final Weather weather;

	private final Tally tally;

	private final Violations violations;

	private final List<Caller> callers = new ArrayList<>();

	private final List<Busy> all = new ArrayList<>();

	private final Map<Member, Squatter> squatters = new LinkedHashMap<>();

	private final Map<Member, Host> hosts = new LinkedHashMap<>();

	private volatile Map<Member, Strangers> strangers;

	Traffic(World world, Weather weather, Tally tally, Violations violations) {
		this.world = world;
		this.weather = weather;
		this.tally = tally;
		this.violations = violations;
		world.members().forEach((member) -> {
			this.squatters.put(member, new Squatter(member, violations));
			this.hosts.put(member, new Host(member, guestOf(member)));
		});
		this.strangers = newStrangers();
		world.members().forEach(this::begin);
	}

	private void begin(Member member) {
		List<Member> others = this.world.members().stream().filter((other) -> other != member).toList();
		for (Member other : others) {
			call(new Caller(member, other, true, this.tally, this.violations), OFTEN);
			call(new Caller(member, other, false, this.tally, this.violations), SELDOM);
		}
		start("The errands of " + member, new Errands(member, new JwtVerifier(others.get(0)),
				() -> strangersAt(member).impostors(), hostOf(member), this.tally, this.violations), LONGEST_CALL,
				SELDOM);
		start("The intruder at " + member,
				new Intruder(member, () -> strangersAt(member).intruders(), this.tally, this.violations), LONGEST_CALL,
				SELDOM);
		start("The squatter at " + member, squatterAt(member), CALL, SELDOM);
	}

	private Squatter squatterAt(Member member) {
		return Objects.requireNonNull(this.squatters.get(member));
	}

	private Host hostOf(Member member) {
		return Objects.requireNonNull(this.hosts.get(member));
	}

	private Strangers strangersAt(Member member) {
		return Objects.requireNonNull(this.strangers.get(member));
	}

	private void call(Caller caller, Duration pause) {
		this.callers.add(caller);
		start(caller.toString(), caller, CALL, pause);
	}

	private void start(String name, Weather.Call call, Duration bound, Duration pause) {
		this.all.add(new Busy(name, this.weather, call, bound, pause, this.violations));
	}

	/**
	 * Let strangers come with what the authorities of the moment sign, and with what
	 * authorities have signed that were revoked. All members know of that.
	 */
	void renewStrangers() {
		Map<Member, Strangers> former = this.strangers;
		this.strangers = newStrangers();
		former.values().forEach((strangers) -> strangers.close(this.violations));
	}

	private Map<Member, Strangers> newStrangers() {
		Map<Member, Strangers> strangers = new LinkedHashMap<>();
		for (Member member : this.world.members()) {
			strangers.put(member, Strangers.of(credentials(member)));
			Credential guest = guestOf(member);
			squatterAt(member).renew(guest);
			hostOf(member).renew(guest);
		}
		return strangers;
	}

	private Credential guestOf(Member member) {
		SpiffeId guest = member.guests().all().get(0);
		return this.world.realmOf(guest).mint(guest.toString());
	}

	/**
	 * Return credentials with which nobody may be let in or believed, by what is wrong
	 * with them.
	 */
	private Map<String, Credential> credentials(Member member) {
		Realm realm = member.realm();
		Realm partner = this.world.partnerOf(realm);
		Map<String, Credential> credentials = new LinkedHashMap<>();
		credentials.put("that is no guest", realm.mint("spiffe://" + realm + STRANGER));
		credentials.put("of the partner that is no guest", partner.mint("spiffe://" + partner + STRANGER));
		for (SpiffeId guest : member.guests().all()) {
			Realm own = this.world.realmOf(guest);
			credentials.put(guest + " for which another trust domain vouches",
					this.world.partnerOf(own).mint(guest.toString()));
			Credential revoked = own.revoked(guest);
			if (revoked != null) {
				credentials.put(guest + " of an authority that was revoked", revoked);
			}
		}
		return credentials;
	}

	/**
	 * Check that every caller was answered since the last time.
	 */
	void checkProgress() {
		this.callers.stream()
			.filter((caller) -> !caller.makesProgress())
			.forEach((caller) -> this.violations.add("%s made no progress".formatted(caller)));
	}

	@Override
	public void close() throws InterruptedException {
		for (Busy busy : this.all) {
			busy.end();
		}
		this.squatters.values().forEach(Squatter::end);
		this.hosts.values().forEach(Host::close);
		this.strangers.values().forEach((strangers) -> strangers.close(this.violations));
	}

}
