/* parse.c - a bare libyaml event parse of a file: the yardstick for planning. */
#include <stdio.h>
#include <yaml.h>

int
main(int argc, char **argv) {
	yaml_parser_t parser;
	yaml_event_t event;
	FILE *in = argc > 1 ? fopen(argv[1], "rb") : NULL;
	long events = 0;
	int type = YAML_NO_EVENT;

	if (!in || !yaml_parser_initialize(&parser))
		return 1;
	yaml_parser_set_input_file(&parser, in);
	while (type != YAML_STREAM_END_EVENT && yaml_parser_parse(&parser, &event)) {
		type = (int)event.type;
		yaml_event_delete(&event);
		events++;
	}
	yaml_parser_delete(&parser);
	fclose(in);
	return type == YAML_STREAM_END_EVENT && events > 2 ? 0 : 1;
}
