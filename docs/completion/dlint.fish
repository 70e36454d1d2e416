# Completion of dlint for fish. Generated from its options: python -m dlinter.generate

function __dlint_command
    set -l words (commandline -opc)
    if contains -- "$words[2]" ast cache completion config context explain format migrate proof rules server
        echo $words[2]
    else
        echo lint
    end
end

function __dlint_rules
    dlint rules 2>/dev/null | awk '/^[A-Z]+[0-9]+ / {print $1; print $2}'
end

complete -c dlint -n "test (__dlint_command) = lint" -l fix -d 'Mend what can be mended without changing what the build does.'
complete -c dlint -n "test (__dlint_command) = lint" -l unsafe-fixes -d 'With --fix or --diff: also fixes that may change the build.'
complete -c dlint -n "test (__dlint_command) = lint" -l diff -d 'Print what --fix would change as a unified diff; write nothing.'
complete -c dlint -n "test (__dlint_command) = lint" -l fix-only -x -a '(__dlint_rules)' -d 'With --fix or --diff: mend findings of these rules only.'
complete -c dlint -n "test (__dlint_command) = lint" -l explain -d 'With --fix or --diff: say of every fix what it changes about the build.'
complete -c dlint -n "test (__dlint_command) = lint" -l add-ignores -d 'Silence what remains with comments in the files.'
complete -c dlint -n "test (__dlint_command) = lint" -l select -x -a '(__dlint_rules)' -d 'Rules to run besides the profile\'s: codes, names or ALL.'
complete -c dlint -n "test (__dlint_command) = lint" -l ignore -x -a '(__dlint_rules)' -d 'Rules to leave out.'
complete -c dlint -n "test (__dlint_command) = lint" -l profile -x -a 'default strict hadolint cis all' -d 'Set of rules: default, strict, hadolint, cis or all.'
complete -c dlint -n "test (__dlint_command) = lint" -l build-arg -x -d 'Value of an ARG, as for docker build.'
complete -c dlint -n "test (__dlint_command) = lint" -l context -x -a '(__fish_complete_directories)' -d 'Folder of the build context, as for docker build.'
complete -c dlint -n "test (__dlint_command) = lint" -l no-shellcheck -d 'Do not let ShellCheck look at shell scripts.'
complete -c dlint -n "test (__dlint_command) = lint" -l config -r -F -d 'Configuration file to use instead of the nearest one.'
complete -c dlint -n "test (__dlint_command) = lint" -l baseline -r -F -d 'Leave out the findings that this file knows.'
complete -c dlint -n "test (__dlint_command) = lint" -l isolated -d 'Read no configuration file.'
complete -c dlint -n "test (__dlint_command) = lint" -l format -s f -x -a 'full concise json markdown github gitlab azure sarif junit rdjson rdjsonl tty checkstyle codeclimate gitlab_codeclimate gnu codacy sonarqube' -d 'How findings are printed, full by default.'
complete -c dlint -n "test (__dlint_command) = lint" -l output -s o -r -F -d 'Write to FILE instead of standard output.'
complete -c dlint -n "test (__dlint_command) = lint" -l statistics -d 'Print how often each rule was found instead of the findings.'
complete -c dlint -n "test (__dlint_command) = lint" -l quiet -s q -d 'Print findings only, no summary and no notes.'
complete -c dlint -n "test (__dlint_command) = lint" -l color -x -a 'auto always never' -d 'Use colours.'
complete -c dlint -n "test (__dlint_command) = lint" -l fail-level -x -a 'error warning info style none' -d 'Least severity that makes the exit code 1.'
complete -c dlint -n "test (__dlint_command) = lint" -l since -x -d 'Only findings on lines changed since a git revision.'
complete -c dlint -n "test (__dlint_command) = lint" -l write-baseline -d 'Write all findings into the baseline, and report none.'
complete -c dlint -n "test (__dlint_command) = lint" -l exit-zero -d 'Exit with 0 even if there are findings.'
complete -c dlint -n "test (__dlint_command) = lint" -l force-exclude -d 'Leave out excluded files even if they are named.'
complete -c dlint -n "test (__dlint_command) = lint" -l stdin-filename -r -F -d 'Name of the file that comes from standard input.'
complete -c dlint -n "test (__dlint_command) = lint" -l jobs -s j -x -d 'Processes to use; 0 for one per processor.'
complete -c dlint -n "test (__dlint_command) = lint" -l no-cache -d 'Neither use nor keep results of earlier runs.'
complete -c dlint -n "test (__dlint_command) = lint" -l version -d 'Print the version.'
complete -c dlint -n "test (__dlint_command) = lint" -l help -d 'Show the help.'
complete -c dlint -n "test (count (commandline -opc)) -eq 1" -a ast -d 'Print the syntax tree, one JSON object a line and file'
complete -c dlint -n "test (__dlint_command) = ast" -l help -d 'Show the help.'
complete -c dlint -n "test (__dlint_command) = ast" -F
complete -c dlint -n "test (count (commandline -opc)) -eq 1" -a cache -d 'Remove what earlier runs found, or print where it is kept'
complete -c dlint -n "test (__dlint_command) = cache" -l help -d 'Show the help.'
complete -c dlint -n "test (__dlint_command) = cache" -a 'clean folder'
complete -c dlint -n "test (count (commandline -opc)) -eq 1" -a completion -d 'Print the completion script of a shell'
complete -c dlint -n "test (__dlint_command) = completion" -l help -d 'Show the help.'
complete -c dlint -n "test (__dlint_command) = completion" -a 'bash fish zsh'
complete -c dlint -n "test (count (commandline -opc)) -eq 1" -a config -d 'Show the settings that hold for a file, and where each comes from'
complete -c dlint -n "test (__dlint_command) = config" -l config -r -F -d 'Configuration file to use.'
complete -c dlint -n "test (__dlint_command) = config" -l schema -d 'Print the JSON schema of configuration files.'
complete -c dlint -n "test (__dlint_command) = config" -l help -d 'Show the help.'
complete -c dlint -n "test (__dlint_command) = config" -F
complete -c dlint -n "test (count (commandline -opc)) -eq 1" -a context -d 'Show what a build sends to the builder, what of it should not be sent, and an ignore file that leaves it out'
complete -c dlint -n "test (__dlint_command) = context" -l context -x -a '(__fish_complete_directories)' -d 'Folder of the build context.'
complete -c dlint -n "test (__dlint_command) = context" -l format -s f -x -a 'table json' -d 'How to print it.'
complete -c dlint -n "test (__dlint_command) = context" -l help -d 'Show the help.'
complete -c dlint -n "test (__dlint_command) = context"
complete -c dlint -n "test (count (commandline -opc)) -eq 1" -a explain -d 'Show the page of a rule: what it finds, why it matters, examples and options'
complete -c dlint -n "test (__dlint_command) = explain" -l help -d 'Show the help.'
complete -c dlint -n "test (__dlint_command) = explain" -a '(__dlint_rules)'
complete -c dlint -n "test (count (commandline -opc)) -eq 1" -a format -d 'Lay out Dockerfiles: indentation, blanks, line ends, the case of keywords, and nothing else'
complete -c dlint -n "test (__dlint_command) = format" -l check -d 'Write nothing; list the files that would change and exit with 1 if there are any.'
complete -c dlint -n "test (__dlint_command) = format" -l diff -d 'Write nothing; print what would change as a unified diff, exit as with --check.'
complete -c dlint -n "test (__dlint_command) = format" -l config -r -F -d 'Configuration file to use instead of the nearest one.'
complete -c dlint -n "test (__dlint_command) = format" -l isolated -d 'Read no configuration file.'
complete -c dlint -n "test (__dlint_command) = format" -l quiet -s q -d 'Print findings only, no summary and no notes.'
complete -c dlint -n "test (__dlint_command) = format" -l force-exclude -d 'Leave out excluded files even if they are named.'
complete -c dlint -n "test (__dlint_command) = format" -l stdin-filename -r -F -d 'Name of the file that comes from standard input.'
complete -c dlint -n "test (__dlint_command) = format" -l jobs -s j -x -d 'Processes to use; 0 for one per processor.'
complete -c dlint -n "test (__dlint_command) = format" -l help -d 'Show the help.'
complete -c dlint -n "test (__dlint_command) = format" -F
complete -c dlint -n "test (count (commandline -opc)) -eq 1" -a migrate -d 'Take over hadolint\'s configuration, and put dlint for it into hooks and pipelines'
complete -c dlint -n "test (__dlint_command) = migrate" -l write -d 'Carry it out; otherwise it is only shown.'
complete -c dlint -n "test (__dlint_command) = migrate" -l help -d 'Show the help.'
complete -c dlint -n "test (__dlint_command) = migrate" -a '(__fish_complete_directories)'
complete -c dlint -n "test (count (commandline -opc)) -eq 1" -a proof -d 'Say whether two Dockerfiles are the same build, and if not, what is different'
complete -c dlint -n "test (__dlint_command) = proof" -l strict -d 'Admit nothing but another layout.'
complete -c dlint -n "test (__dlint_command) = proof" -l format -s f -x -a 'text json' -d 'How to print it.'
complete -c dlint -n "test (__dlint_command) = proof" -l help -d 'Show the help.'
complete -c dlint -n "test (__dlint_command) = proof" -F
complete -c dlint -n "test (count (commandline -opc)) -eq 1" -a rules -d 'List the rules: code, name, severity, fix and profiles'
complete -c dlint -n "test (__dlint_command) = rules" -l profile -x -a 'default strict hadolint cis all' -d 'Only the rules of this profile.'
complete -c dlint -n "test (__dlint_command) = rules" -l format -s f -x -a 'table json' -d 'How to print them.'
complete -c dlint -n "test (__dlint_command) = rules" -l help -d 'Show the help.'
complete -c dlint -n "test (count (commandline -opc)) -eq 1" -a server -d 'Speak the Language Server Protocol on standard input and output'
complete -c dlint -n "test (__dlint_command) = server" -l stdio -d 'Ignored: there is no other way to speak.'
complete -c dlint -n "test (__dlint_command) = server" -l log-level -x -d 'What is logged to standard error: error, warning (default), info or debug.'
complete -c dlint -n "test (__dlint_command) = server" -l version -d 'Print the version.'
complete -c dlint -n "test (__dlint_command) = server" -l help -d 'Show the help.'
