package dev.psat.tlstests.tomcat.storm;

import java.util.List;
import java.util.Random;

import dev.psat.spiffe.SpiffeId;
import dev.psat.spire.SpireIdentity;

/**
 * What goes wrong at a member: its entry, its policy, and its life.
 */
final class MemberFaults {

	private MemberFaults() {
	}

	static List<Fault> of(Member member) {
		Registration registration = member.registration();
		SpireIdentity identity = member.identity();
		Guests guests = member.guests();
		String entry = "entry of " + member;
		String policy = "policy of " + member;
		return List.of(Fault.lasting("entry gone", entry, registration::delete, registration::restore),
				Fault.lasting("entry that does not federate", entry, registration::separate, registration::restore),
				Fault.sudden("entry changed", entry, registration::renew),
				new Fault("guests refused", policy, (random) -> refuse(member, random)),
				Fault.lasting("policy broken", policy, () -> {
					guests.breakDown();
					member.reauthorize();
				}, () -> recover(member)), Fault.lasting("policy hanging", policy, () -> {
					guests.hang();
					member.reauthorize();
				}, () -> recover(member)), Fault.sudden("guests asked again", policy, member::reauthorize),
				Fault.lasting("identity stopped", "life of " + member, identity::stop, identity::start));
	}

	private static Runnable refuse(Member member, Random random) {
		List<SpiffeId> all = member.guests().all();
		int drawn = random.nextInt(all.size() + 1);
		member.guests().refuse((drawn < all.size()) ? List.of(all.get(drawn)) : all);
		member.reauthorize();
		return () -> recover(member);
	}

	private static void recover(Member member) {
		member.guests().recover();
		member.reauthorize();
	}

}
