"""What official images are known to have: files, those of packages too, and what they start.

The paths are those of the official images and of Debian's packages, whose conffiles they are or whose maintainer
scripts write them; they are the same in every release that has a package of that name.
"""

from __future__ import annotations

from dlinter.proof.calls import Call, deciding
from dlinter.proof.known import official
from dlinter.proof.later import asked_for
from dlinter.proof.normal import ANDOR, CMD, SCRIPT
from dlinter.proof.tables import FILES, listed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dlinter.proof.state import Effect, Stage

#: official images that have no ENTRYPOINT, so that CMD is what runs (their Dockerfiles in docker-library)
_NO_ENTRYPOINT = listed(
    "alpine almalinux amazonlinux archlinux buildpack-deps busybox centos debian erlang elixir fedora gcc "
    "golang haskell httpd java mono openjdk oraclelinux perl photon pypy python rockylinux ruby rust "
    "scratch swift ubuntu dart r-base jruby tomcat gradle ibmjava"
)
#: those whose ENTRYPOINT runs CMD as it is, unless it is an option (docker-node's and docker-php's docker-entrypoint)
_HANDS_ON = listed("node php")
#: those whose ENTRYPOINT ends in running its arguments, after more or less has been done for some of them
_ENDS_IN = listed(
    "cassandra couchdb docker elasticsearch ghost haproxy influxdb kibana logstash mariadb memcached mongo mysql neo4j "
    "nginx percona postgres rabbitmq redis solr wordpress zookeeper"
)


def file_before(effect: Effect, path: str) -> bool:
    """True if *path* is surely a file when *effect* comes, and nobody has touched it since it came to be."""
    from dlinter.proof.unpacked import touched

    stage = effect.stage
    if path not in FILES or stage is None:
        return False
    packages, images = FILES[path]
    for each in stage.chain():
        for step in reversed(each.effects[: effect.position] if each is stage else each.effects):
            if step.kind == "base" and each.parent is None:
                return official(stage)[0] in images
            if touched(step, path):
                return False
            if step.body is not None and step.body.form[0] in (CMD, ANDOR, SCRIPT):
                for command in reversed(list(deciding(step.body.form, step.body.errexit))):
                    call = Call(command[2])
                    if call.name in ("apt-get", "apt") and any(asked_for(call, package) for package in packages):
                        return call.sub == "install"
    return False


def hands_command_on(stage: Stage) -> bool:
    """True if the image that the chain of *stage* starts from is known to run CMD as it is."""
    name = official(stage)[0]
    return name in _NO_ENTRYPOINT or name in _HANDS_ON


def runs_command(stage: Stage) -> bool:
    """True if the image that the chain of *stage* starts from is known to run CMD in the end."""
    return hands_command_on(stage) or official(stage)[0] in _ENDS_IN
