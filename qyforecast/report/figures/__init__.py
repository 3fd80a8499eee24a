"""Charts: functions of data frames, each giving its picture and the numbers it draws."""
