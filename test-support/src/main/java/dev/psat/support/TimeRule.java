package dev.psat.support;

import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.Timer;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchRule;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

/**
 * Nobody knows what time it is, waits, starts a thread or draws by itself, so that a test
 * can be the master of all that.
 */
public final class TimeRule {

	private TimeRule() {
	}

	/**
	 * Return the rule.
	 * @param exceptions the names of classes for which it does not hold, as they are in a
	 * class file, or with a dot and what such a class may call
	 */
	public static ArchRule except(String... exceptions) {
		Set<String> allowed = Set.copyOf(Arrays.asList(exceptions));
		return noClasses().should()
			.accessTargetWhere(DescribedPredicate.describe("a call tells the time, waits, starts a thread or draws",
					(access) -> isOfTime(access) && !isAllowed(access, allowed)));
	}

	private static boolean isAllowed(JavaAccess<?> access, Set<String> allowed) {
		String owner = access.getOriginOwner().getName();
		return allowed.contains(owner) || allowed.contains(owner + "." + access.getName());
	}

	private static boolean isOfTime(JavaAccess<?> access) {
		return access.getTarget() instanceof AccessTarget.CodeUnitAccessTarget target
				&& (isSystemTime(target) || startsThread(target) || takesTime(target)
						|| isOfJdk(target) && (tells(target) || waits(target) || draws(target)));
	}

	/** This module does not know the types. */
	private static boolean isSystemTime(AccessTarget.CodeUnitAccessTarget target) {
		return target.getOwner().getSimpleName().equals("Time") && target.getName().equals("ofSystem");
	}

	/** Also of a library: await, get, poll, offer, schedule, orTimeout and so on. */
	private static boolean takesTime(AccessTarget.CodeUnitAccessTarget target) {
		return takes(target, TimeUnit.class) && !target.getOwner().isEquivalentTo(TimeUnit.class)
				&& !target.getOwner().getPackageName().startsWith("io.micrometer");
	}

	private static boolean isOfJdk(AccessTarget.CodeUnitAccessTarget target) {
		return target.getOwner().getPackageName().startsWith("java");
	}

	private static boolean startsThread(AccessTarget.CodeUnitAccessTarget target) {
		return target.getOwner().isAssignableTo(Thread.class) && target.getName().equals("start")
				|| target.getOwner().isEquivalentTo(Executors.class) || target.getOwner().isEquivalentTo(Timer.class);
	}

	private static boolean tells(AccessTarget.CodeUnitAccessTarget target) {
		return switch (target.getOwner().getName()) {
			case "java.lang.System" -> Set.of("nanoTime", "currentTimeMillis").contains(target.getName());
			case "java.time.Clock" -> target.getName().startsWith("system") || target.getName().startsWith("tick");
			case "java.time.InstantSource" -> target.getName().equals("system");
			case "java.util.Date" -> isConstructor(target) && target.getRawParameterTypes().isEmpty();
			default -> target.getOwner().getPackageName().startsWith("java.time") && target.getName().equals("now")
					&& !takes(target, Clock.class);
		};
	}

	private static boolean waits(AccessTarget.CodeUnitAccessTarget target) {
		JavaClass owner = target.getOwner();
		if (owner.isEquivalentTo(TimeUnit.class)) {
			return Set.of("sleep", "timedJoin", "timedWait").contains(target.getName());
		}
		return switch (target.getName()) {
			case "sleep" -> owner.isEquivalentTo(Thread.class);
			case "wait", "join", "select" -> takes(target, long.class) || takes(target, Duration.class);
			case "parkNanos", "parkUntil", "awaitNanos", "awaitUntil", "setSoTimeout", "connectTimeout" -> true;
			case "connect" -> takes(target, int.class);
			case "timeout" -> owner.getPackageName().equals("java.net.http");
			default -> false;
		};
	}

	private static boolean draws(AccessTarget.CodeUnitAccessTarget target) {
		return target.getOwner().isEquivalentTo(Math.class) && target.getName().equals("random")
				|| target.getOwner().isAssignableTo(RandomGenerator.class)
						&& (isConstructor(target) || target.getName().equals("current"));
	}

	private static boolean isConstructor(AccessTarget.CodeUnitAccessTarget target) {
		return target.getName().equals("<init>");
	}

	private static boolean takes(AccessTarget.CodeUnitAccessTarget target, Class<?> type) {
		return target.getRawParameterTypes().stream().anyMatch((taken) -> taken.isEquivalentTo(type));
	}

}
